-- Lines as the law has them: stopped, withdrawn, decided by several agencies, edited on the way.

ALTER TABLE line DROP CONSTRAINT line_status_check;
ALTER TABLE line ADD CONSTRAINT line_status_check
    CHECK (status IN ('in-path', 'held', 'returned', 'decided', 'stopped', 'withdrawn'));
-- Title of the rule of delegated decision the line was judged by; empty: none.
ALTER TABLE line ADD COLUMN rule text NOT NULL DEFAULT '';
-- Other agencies that decide on a joint draft, as a list of ids.
ALTER TABLE line ADD COLUMN joint jsonb NOT NULL DEFAULT '[]';
-- A line that ended without a decision may be followed by another.
DROP INDEX line_document;
CREATE UNIQUE INDEX line_document ON line (document_id) WHERE status NOT IN ('returned', 'stopped', 'withdrawn');

-- Agency that leads the line; agency_id is that of the official whose box it is.
ALTER TABLE box ADD COLUMN lead_id text NOT NULL DEFAULT '';
UPDATE box SET lead_id = agency_id;
ALTER TABLE box ALTER COLUMN lead_id DROP DEFAULT;

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

-- app.leads: agencies that lead lines which the caller's agency decides with; set by locking such a line, in the same
-- transaction, and by nothing else. What is written about the line belongs to them.
DROP POLICY own_agency ON line;
CREATE POLICY own_agency ON line TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '')
        OR jsonb_exists(joint, nullif(current_setting('app.agency', true), '')))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '')
        OR jsonb_exists(joint, nullif(current_setting('app.agency', true), '')));
DROP POLICY own_agency ON box;
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

ALTER TABLE manifest ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON manifest TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY worker ON manifest TO approval_worker USING (true) WITH CHECK (true);
GRANT SELECT ON manifest TO approval_rpc;
GRANT SELECT, INSERT ON manifest TO approval_worker;
