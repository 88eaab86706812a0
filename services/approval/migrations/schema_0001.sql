-- Approval lines. The row holds the line as it is; how it came about is in the journal.

CREATE TABLE line (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL CHECK (agency_id <> ''),
    department_code text NOT NULL,
    title text NOT NULL,
    status text NOT NULL CHECK (status IN ('in-path', 'held', 'returned', 'decided')),
    version bigint NOT NULL CHECK (version > 0),
    manifest_hash bytea NOT NULL,
    steps jsonb NOT NULL,
    submitted_at timestamptz NOT NULL,
    decided_at timestamptz,
    correlation_id text NOT NULL,
    last_actor text NOT NULL,
    attachment_count integer NOT NULL,
    has_recipients boolean NOT NULL,
    CHECK ((status = 'decided') = (decided_at IS NOT NULL))
) WITH (fillfactor = 80);
-- A returned document may be submitted again with a new line; a living line is its only one.
CREATE UNIQUE INDEX line_document ON line (document_id) WHERE status <> 'returned';
CREATE INDEX line_document_all ON line (document_id, submitted_at);

-- In whose box an open line lies. A line has one row per official, whatever the number of steps.
CREATE TABLE box (
    line_id uuid NOT NULL,
    official_id text NOT NULL,
    agency_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pending', 'held', 'acted', 'returned')),
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (line_id, official_id)
);
CREATE INDEX box_of_official ON box (official_id, kind, submitted_at, line_id) INCLUDE (agency_id);

ALTER TABLE line ENABLE ROW LEVEL SECURITY;
ALTER TABLE box ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON line TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY own_agency ON box TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY worker ON line TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON box TO approval_worker USING (true) WITH CHECK (true);

GRANT SELECT, UPDATE ON line TO approval_rpc;
GRANT SELECT, INSERT, UPDATE, DELETE ON box TO approval_rpc;
GRANT SELECT, INSERT, UPDATE ON line TO approval_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON box TO approval_worker;
