"""Intake, records, outgoing items, file names, mappings."""

from alembic import op

from chassis import migrate

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE intake_file (
    id uuid PRIMARY KEY,
    endpoint text NOT NULL,
    adapter text NOT NULL,
    mapping_version integer NOT NULL,
    agency_id text NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    taken_at timestamptz NOT NULL,
    -- Records the decoder found: the accounts are held against it.
    record_count bigint NOT NULL,
    findings jsonb NOT NULL,
    UNIQUE (endpoint, name, sha256)
);
CREATE INDEX intake_file_recent ON intake_file (agency_id, taken_at DESC, id);
CREATE TABLE record (
    id uuid PRIMARY KEY,
    file_id uuid NOT NULL REFERENCES intake_file (id),
    ordinal bigint NOT NULL,
    part text NOT NULL,
    byte_offset bigint NOT NULL,
    byte_length bigint NOT NULL,
    endpoint text NOT NULL,
    agency_id text NOT NULL,
    natural_key text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('in-flight', 'returned', 'registered', 'quarantined', 'settled')),
    stage text NOT NULL,
    reasons jsonb NOT NULL,
    revision integer NOT NULL,
    document_id text NOT NULL,
    result_version bigint NOT NULL,
    corrected bytea,
    note text NOT NULL DEFAULT '',
    changed_at timestamptz NOT NULL,
    UNIQUE (file_id, ordinal)
);
-- The agency's own key names a record once. Doubles are kept, in quarantine, under a key of their own.
CREATE UNIQUE INDEX record_natural_key ON record (endpoint, natural_key);
CREATE INDEX record_quarantine ON record (agency_id, changed_at DESC, id) WHERE state = 'quarantined';
CREATE TABLE outgoing (
    id uuid PRIMARY KEY,
    -- dispatch, result, ack, or a kind of its own (runtime/kinds.py)
    kind text NOT NULL CHECK (kind <> ''),
    key text NOT NULL,
    version bigint NOT NULL,
    endpoint text NOT NULL,
    agency_id text NOT NULL,
    type text NOT NULL,
    payload bytea NOT NULL,
    actor jsonb NOT NULL,
    correlation_id text NOT NULL,
    sender_code text NOT NULL,
    receiver_code text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'recalled')),
    attempts integer NOT NULL,
    next_attempt_at timestamptz,
    name text NOT NULL,
    sent_at timestamptz,
    problems jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (kind, key)
);
CREATE INDEX outgoing_due ON outgoing (next_attempt_at, id) WHERE state = 'waiting';
CREATE INDEX outgoing_by_endpoint ON outgoing (endpoint, state);
-- Mappings beside the one the adapter came with: proposed by one person, decided on by another.
CREATE TABLE mapping (
    endpoint text NOT NULL,
    version integer NOT NULL,
    adapter text NOT NULL,
    agency_id text NOT NULL,
    manifest text NOT NULL,
    note text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'live', 'refused', 'superseded')),
    proposed_by text NOT NULL,
    proposed_name text NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by text NOT NULL,
    decided_name text NOT NULL,
    decided_at timestamptz,
    reason text NOT NULL,
    PRIMARY KEY (endpoint, version),
    CHECK (decided_by <> proposed_by)
);
CREATE UNIQUE INDEX mapping_live ON mapping (endpoint) WHERE state = 'live';
CREATE UNIQUE INDEX mapping_proposed ON mapping (endpoint) WHERE state = 'proposed';
CREATE TABLE name_series (
    sender_code text NOT NULL,
    receiver_code text NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (sender_code, receiver_code)
);
ALTER TABLE intake_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE outgoing ENABLE ROW LEVEL SECURITY;
ALTER TABLE mapping ENABLE ROW LEVEL SECURITY;
"""
_POLICIES = """
CREATE POLICY own_agency ON {table} TO adapters_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY worker ON {table} TO adapters_worker USING (true) WITH CHECK (true);
"""
_GRANTS = """
GRANT SELECT ON intake_file, record, outgoing TO adapters_rpc;
GRANT UPDATE ON record TO adapters_rpc;
GRANT SELECT, INSERT, UPDATE ON mapping TO adapters_rpc;
GRANT SELECT ON mapping TO adapters_worker;
GRANT INSERT ON outgoing TO adapters_rpc;
GRANT SELECT, INSERT, UPDATE, DELETE ON intake_file, record, outgoing, name_series TO adapters_worker;
SELECT journal_ensure_month(now());
SELECT journal_ensure_month(now() + interval '1 month');
"""


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    policies = "".join(
        _POLICIES.replace("{table}", table) for table in ("intake_file", "record", "outgoing", "mapping")
    )
    for script in ("\n".join(migrate.chassis_schema("adapters")), _TABLES, policies, _GRANTS):
        for statement in migrate.split_statements(script):
            execute(statement)
