-- Approval lines. The row holds the line as it is; how it came about is in the journal.

CREATE TABLE line (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL CHECK (agency_id <> ''),
    department_code text NOT NULL,
    title text NOT NULL,
    status text NOT NULL CHECK (status IN ('in-path', 'held', 'returned', 'decided', 'stopped', 'withdrawn')),
    version bigint NOT NULL CHECK (version > 0),
    manifest_hash bytea NOT NULL,
    steps jsonb NOT NULL,
    submitted_at timestamptz NOT NULL,
    decided_at timestamptz,
    correlation_id text NOT NULL,
    last_actor text NOT NULL,
    attachment_count integer NOT NULL,
    has_recipients boolean NOT NULL,
    -- What the line is about, as the rules of delegated decision ask for it: number of the contract's DocumentKind, and a task.
    kind integer NOT NULL DEFAULT 0,
    task_code text NOT NULL DEFAULT '',
    -- Title of the rule of delegated decision the line was judged by; empty: none.
    rule text NOT NULL DEFAULT '',
    -- Other agencies that decide on a joint draft, as a list of ids.
    joint jsonb NOT NULL DEFAULT '[]',
    CHECK ((status = 'decided') = (decided_at IS NOT NULL))
) WITH (fillfactor = 80);
-- A line that ended without a decision may be followed by another; a living line is the document's only one.
CREATE UNIQUE INDEX line_document ON line (document_id) WHERE status NOT IN ('returned', 'stopped', 'withdrawn');
CREATE INDEX line_document_all ON line (document_id, submitted_at);

-- In whose box an open line lies. A line has one row per official, whatever the number of steps.
CREATE TABLE box (
    line_id uuid NOT NULL,
    official_id text NOT NULL,
    agency_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pending', 'held', 'acted', 'returned')),
    submitted_at timestamptz NOT NULL,
    -- Agency that leads the line; agency_id is that of the official whose box it is.
    lead_id text NOT NULL,
    PRIMARY KEY (line_id, official_id)
);
CREATE INDEX box_of_official ON box (official_id, kind, submitted_at, line_id) INCLUDE (agency_id);

-- Texts stored beside the one that is under way; each counts once its author's step names it.
CREATE TABLE manifest (
    line_id uuid NOT NULL,
    author_id text NOT NULL CHECK (author_id <> ''),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    base_hash bytea NOT NULL CHECK (length(base_hash) = 32),
    agency_id text NOT NULL CHECK (agency_id <> ''),
    title text NOT NULL,
    attachment_count integer NOT NULL,
    has_recipients boolean NOT NULL,
    PRIMARY KEY (line_id, author_id, hash)
);

-- A kept line: of one official, or shared with the official's department.
CREATE TABLE line_template (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL CHECK (agency_id <> ''),
    department_code text NOT NULL,
    owner_id text NOT NULL CHECK (owner_id <> ''),
    name text NOT NULL CHECK (name <> ''),
    -- Number of the contract's DocumentKind; 0: every kind.
    kind integer NOT NULL,
    task_code text NOT NULL,
    shared boolean NOT NULL,
    steps jsonb NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX line_template_owner ON line_template (agency_id, owner_id) WHERE NOT shared;
CREATE INDEX line_template_department ON line_template (agency_id, department_code) WHERE shared;

-- What an official used last for a kind of document and a task. One row each, so it does not grow with the documents.
CREATE TABLE last_used (
    agency_id text NOT NULL CHECK (agency_id <> ''),
    official_id text NOT NULL CHECK (official_id <> ''),
    kind integer NOT NULL,
    task_code text NOT NULL,
    steps jsonb NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, official_id, kind, task_code)
) WITH (fillfactor = 80);

-- What a passkey signed when somebody acted; everything that is needed to verify it again. It only grows.
CREATE TABLE step_proof (
    line_id uuid NOT NULL,
    -- Version of the line after the act.
    version bigint NOT NULL,
    agency_id text NOT NULL CHECK (agency_id <> ''),
    decided_version bigint NOT NULL CHECK (decided_version < version),
    manifest_hash bytea NOT NULL CHECK (length(manifest_hash) = 32),
    action text NOT NULL,
    -- What was said with it; the text itself is in the journal.
    opinion_hash bytea NOT NULL CHECK (length(opinion_hash) = 32),
    -- Order of the step that got its turn again; 0: none, or the drafter.
    return_to integer NOT NULL CHECK (return_to >= 0),
    acting_for text NOT NULL,
    leaf bytea NOT NULL CHECK (length(leaf) = 32),
    leaf_index integer NOT NULL CHECK (leaf_index >= 0),
    leaf_count integer NOT NULL CHECK (leaf_index < leaf_count),
    -- Hashes beside the way from the leaf to the root, one after the other.
    path bytea NOT NULL CHECK (length(path) % 32 = 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    credential_json text NOT NULL,
    passkey_id text NOT NULL,
    public_key bytea NOT NULL,
    rp_id text NOT NULL,
    official_id text NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (line_id, version)
);

ALTER TABLE line ENABLE ROW LEVEL SECURITY;
ALTER TABLE box ENABLE ROW LEVEL SECURITY;
ALTER TABLE manifest ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_template ENABLE ROW LEVEL SECURITY;
ALTER TABLE last_used ENABLE ROW LEVEL SECURITY;
ALTER TABLE step_proof ENABLE ROW LEVEL SECURITY;

-- app.leads: agencies that lead lines which the caller's agency decides with; set by locking such a line, in the same
-- transaction, and by nothing else. What is written about the line belongs to them.
CREATE POLICY own_agency ON line TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '')
        OR jsonb_exists(joint, nullif(current_setting('app.agency', true), '')))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '')
        OR jsonb_exists(joint, nullif(current_setting('app.agency', true), '')));
CREATE POLICY own_agency ON box TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '')
        OR lead_id = nullif(current_setting('app.agency', true), '')
        OR lead_id = ANY (string_to_array(nullif(current_setting('app.leads', true), ''), ',')))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '')
        OR lead_id = nullif(current_setting('app.agency', true), '')
        OR lead_id = ANY (string_to_array(nullif(current_setting('app.leads', true), ''), ',')));
CREATE POLICY led ON journal TO approval_rpc
    USING (agency_id = ANY (string_to_array(nullif(current_setting('app.leads', true), ''), ',')));
CREATE POLICY led ON step_proof TO approval_rpc
    USING (agency_id = ANY (string_to_array(nullif(current_setting('app.leads', true), ''), ',')));
CREATE POLICY own_agency ON line_template TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY own_agency ON last_used TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY own_agency ON step_proof TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY own_agency ON manifest TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY worker ON line TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON box TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON manifest TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON line_template TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON last_used TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON step_proof TO approval_worker USING (true) WITH CHECK (true);

GRANT SELECT, UPDATE ON line TO approval_rpc;
GRANT SELECT, INSERT, UPDATE, DELETE ON box, line_template TO approval_rpc;
GRANT SELECT ON manifest, last_used TO approval_rpc;
GRANT SELECT, INSERT ON step_proof TO approval_rpc;
GRANT SELECT, INSERT, UPDATE ON line, last_used TO approval_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON box TO approval_worker;
GRANT SELECT, INSERT ON manifest TO approval_worker;
GRANT SELECT ON step_proof TO approval_worker;
