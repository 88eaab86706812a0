-- Uploads under way: how far each has come. The bytes lie in the blob store, in pieces, until they are whole.
CREATE TABLE upload (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    official_id text NOT NULL,
    name text NOT NULL,
    raw_name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    -- As announced; empty: not known beforehand.
    sha256 bytea NOT NULL,
    -- Of the client's own making: tells two files of one name and size apart.
    fingerprint text NOT NULL,
    arrived bigint NOT NULL,
    -- Names of the pieces in order.
    pieces jsonb NOT NULL,
    -- exchange.Attachment once it is finished, so that a lost answer can be given again.
    finished bytea,
    begun_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX upload_owner ON upload (official_id, agency_id);
CREATE INDEX upload_expiry ON upload (expires_at);

ALTER TABLE upload ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON upload TO documents_worker USING (true) WITH CHECK (true);
-- An upload is its owner's, nobody else sees it.
CREATE POLICY owner ON upload TO documents_rpc
    USING (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
    WITH CHECK (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    );
GRANT SELECT, INSERT, DELETE ON upload TO documents_rpc;
GRANT UPDATE (arrived, pieces, finished, expires_at) ON upload TO documents_rpc;
GRANT SELECT, DELETE ON upload TO documents_worker;
