-- Files: who brought which, and in which documents they stand. Nobody attaches what he merely knows the hash of.

CREATE TABLE brought_file (
    official_id text NOT NULL,
    agency_id text NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    brought_at timestamptz NOT NULL,
    PRIMARY KEY (official_id, agency_id, sha256)
);
CREATE TABLE attached_file (
    sha256 bytea NOT NULL,
    document_id uuid NOT NULL,
    PRIMARY KEY (sha256, document_id)
);
CREATE INDEX attached_file_document ON attached_file (document_id);

ALTER TABLE brought_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE attached_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON brought_file TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON attached_file TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY owner ON brought_file TO documents_rpc
    USING (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
    WITH CHECK (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    );
CREATE POLICY readers ON attached_file FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = attached_file.document_id));
CREATE POLICY writers ON attached_file FOR INSERT TO documents_rpc
    WITH CHECK (is_callers_own(document_id) OR is_co_written(document_id) OR may_revise(document_id));
GRANT SELECT, INSERT ON brought_file, attached_file TO documents_rpc;
GRANT SELECT, INSERT ON attached_file TO documents_worker;
GRANT SELECT ON brought_file TO documents_worker;
-- What a dropped draft named is no reason to see a file.
CREATE OR REPLACE FUNCTION drop_draft(wanted uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_callers_own(wanted) OR EXISTS (SELECT FROM manifest m WHERE m.document_id = wanted)
        OR NOT EXISTS (SELECT FROM document d WHERE d.id = wanted AND d.state = 'draft') THEN
        RETURN false;
    END IF;
    DELETE FROM document_version v WHERE v.document_id = wanted;
    DELETE FROM attached_file f WHERE f.document_id = wanted;
    DELETE FROM audience a WHERE a.document_id = wanted;
    DELETE FROM document d WHERE d.id = wanted;
    RETURN true;
END
$$;
