-- Two copies may be told of by reports of one name: none hides the other.
ALTER TABLE delivery_event DROP CONSTRAINT delivery_event_pkey;
ALTER TABLE delivery_event ADD PRIMARY KEY (delivery_id, report_id);

-- True for a card whose author is the caller. It looks past row-level security, because a new card has no readers yet.
CREATE FUNCTION is_callers_own(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM document d WHERE d.id = wanted AND d.author_id <> ''
        AND d.agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || d.author_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
$$;
REVOKE EXECUTE ON FUNCTION is_callers_own(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_callers_own(uuid) TO documents_rpc;

-- Nobody lets himself or others see what he has not written.
DROP POLICY writers ON audience;
CREATE POLICY writers ON audience FOR INSERT TO documents_rpc WITH CHECK (
    reader_agency = nullif(current_setting('app.agency', true), '') AND is_callers_own(document_id)
);
DROP POLICY writers ON document;
CREATE POLICY writers ON document FOR INSERT TO documents_rpc WITH CHECK (
    author_id <> '' AND agency_id = nullif(current_setting('app.agency', true), '')
    AND 'official:' || author_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
);
DROP POLICY changers ON document;
CREATE POLICY changers ON document FOR UPDATE TO documents_rpc
    USING (is_callers_own(id))
    WITH CHECK (
        author_id <> '' AND agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || author_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    );
DROP POLICY writers ON document_version;
CREATE POLICY writers ON document_version FOR INSERT TO documents_rpc WITH CHECK (is_callers_own(document_id));
DROP POLICY changers ON document_version;
CREATE POLICY changers ON document_version FOR UPDATE TO documents_rpc
    USING (is_callers_own(document_id)) WITH CHECK (is_callers_own(document_id));
DROP POLICY writers ON manifest;
CREATE POLICY writers ON manifest FOR INSERT TO documents_rpc WITH CHECK (is_callers_own(document_id));
-- A stored text is not rewritten; submitting names the manifest it stands in.
REVOKE UPDATE ON document_version FROM documents_rpc, documents_worker;
GRANT UPDATE (manifest_hash) ON document_version TO documents_rpc;
