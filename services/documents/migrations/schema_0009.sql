-- Texts that are still being written.

-- They are their writers' alone, also where the document is seen by those who returned it.
DROP POLICY readers ON document_version;
CREATE POLICY readers ON document_version FOR SELECT TO documents_rpc USING (
    EXISTS (SELECT FROM audience a WHERE a.document_id = document_version.document_id)
    AND (manifest_hash <> '' OR is_callers_own(document_id) OR is_co_written(document_id))
);
