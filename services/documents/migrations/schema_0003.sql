-- Drafts, versions by several hands, batches.

-- Several documents in one line (일괄기안): lead_id and place of those that are decided with another; null: it stands for itself.
DROP INDEX document_line;
CREATE INDEX document_line ON document (line_id) WHERE line_id IS NOT NULL;
ALTER TABLE document ADD COLUMN lead_id uuid;
ALTER TABLE document ADD COLUMN place integer NOT NULL DEFAULT 0;
-- Officials who write on a private draft beside its author.
ALTER TABLE document ADD COLUMN co_drafters jsonb NOT NULL DEFAULT '[]';
-- Why no line was opened: [code, params, field, source] each.
ALTER TABLE document ADD COLUMN problems jsonb NOT NULL DEFAULT '[]';
-- Lines a document has left behind by being submitted again: news of them come late, not early.
CREATE TABLE past_line (
    line_id uuid PRIMARY KEY,
    document_id uuid NOT NULL
);

-- A version is somebody's, in a capacity and role, made from another one; without a manifest it is still being written.
ALTER TABLE document_version ADD COLUMN author_id text NOT NULL DEFAULT '';
ALTER TABLE document_version ADD COLUMN author_position text NOT NULL DEFAULT '';
ALTER TABLE document_version ADD COLUMN role text NOT NULL DEFAULT 'draft';
ALTER TABLE document_version ADD COLUMN base_number integer NOT NULL DEFAULT 0;
ALTER TABLE document_version ADD COLUMN effective boolean NOT NULL DEFAULT true;
-- OfficialDocument without body and steps, as it was in this version; empty: older than this column.
ALTER TABLE document_version ADD COLUMN content bytea NOT NULL DEFAULT '';

-- Rejected and superseded versions of major documents are records of their own (공공기록물법 시행령 21①), numbered in the
-- department's series beside the documents.
CREATE TABLE version_registration (
    department_code text NOT NULL,
    year integer NOT NULL,
    serial bigint NOT NULL,
    document_id uuid NOT NULL,
    number integer NOT NULL,
    agency_id text NOT NULL,
    text text NOT NULL,
    date text NOT NULL,
    PRIMARY KEY (department_code, year, serial),
    UNIQUE (document_id, number)
);
-- Further numbers of orders and notices (시행규칙 8), by agency and kind; year 0: they run on over the years.
CREATE TABLE special_series (
    agency_id text NOT NULL,
    kind integer NOT NULL,
    year integer NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (agency_id, kind, year)
);
CREATE TABLE special_number (
    agency_id text NOT NULL,
    kind integer NOT NULL,
    year integer NOT NULL,
    serial bigint NOT NULL,
    document_id uuid NOT NULL UNIQUE,
    text text NOT NULL,
    PRIMARY KEY (agency_id, kind, year, serial)
);

ALTER TABLE past_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE version_registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE special_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE special_number ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON past_line TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON version_registration TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON special_series TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON special_number TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY writers ON past_line FOR INSERT TO documents_rpc WITH CHECK (is_callers_own(document_id));
CREATE POLICY readers ON version_registration FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = version_registration.document_id));
CREATE POLICY readers ON special_number FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = special_number.document_id));

-- True for a private draft the caller writes on with its author. Like is_callers_own it looks past row-level security.
CREATE FUNCTION is_co_written(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM document d, jsonb_array_elements_text(d.co_drafters) AS c(official)
        WHERE d.id = wanted AND d.state = 'draft'
        AND d.agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || c.official = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
$$;
REVOKE EXECUTE ON FUNCTION is_co_written(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_co_written(uuid) TO documents_rpc;
-- The author of a card as it was before the statement that asks: co-writers do not take a draft away.
CREATE FUNCTION author_of(wanted uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT author_id FROM document WHERE id = wanted
$$;
REVOKE EXECUTE ON FUNCTION author_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION author_of(uuid) TO documents_rpc;
-- True for a document on its way that the caller reads as a person of its line, in the document's own agency. Whose step it
-- is decides the code (검토자, 결재자: 행정업무규정 9); what is stored has no effect before a step names it.
CREATE FUNCTION may_revise(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM document d JOIN audience a ON a.document_id = d.id
        WHERE d.id = wanted AND d.state IN ('in-path', 'held')
        AND d.agency_id = nullif(current_setting('app.agency', true), '')
        AND a.reader_agency = d.agency_id AND a.token LIKE 'official:%'
        AND a.token = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
$$;
REVOKE EXECUTE ON FUNCTION may_revise(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_revise(uuid) TO documents_rpc;
-- Throws a draft of the caller away, unless it was ever submitted: then there is a record of it.
CREATE FUNCTION drop_draft(wanted uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_callers_own(wanted) OR EXISTS (SELECT FROM manifest m WHERE m.document_id = wanted)
        OR NOT EXISTS (SELECT FROM document d WHERE d.id = wanted AND d.state = 'draft') THEN
        RETURN false;
    END IF;
    DELETE FROM document_version v WHERE v.document_id = wanted;
    DELETE FROM audience a WHERE a.document_id = wanted;
    DELETE FROM document d WHERE d.id = wanted;
    RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION drop_draft(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_draft(uuid) TO documents_rpc;

-- Checks of several policies add up: what an author may make of a card holds for cards that were his before, too.
DROP POLICY changers ON document;
CREATE POLICY changers ON document FOR UPDATE TO documents_rpc
    USING (is_callers_own(id))
    WITH CHECK (
        is_callers_own(id) AND author_id <> '' AND agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || author_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    );
CREATE POLICY co_writers ON document FOR UPDATE TO documents_rpc
    USING (is_co_written(id)) WITH CHECK (is_co_written(id) AND state = 'draft' AND author_id = author_of(id));
CREATE POLICY co_writers ON document_version FOR INSERT TO documents_rpc
    WITH CHECK (manifest_hash = '' AND is_co_written(document_id));
CREATE POLICY revisers ON document_version FOR INSERT TO documents_rpc
    WITH CHECK (NOT effective AND manifest_hash <> '' AND may_revise(document_id));
CREATE POLICY revisers ON manifest FOR INSERT TO documents_rpc WITH CHECK (may_revise(document_id));
-- What is still being written may be rewritten; a text that stands in a manifest never is.
DROP POLICY changers ON document_version;
CREATE POLICY changers ON document_version FOR UPDATE TO documents_rpc
    USING (manifest_hash = '' AND (is_callers_own(document_id) OR is_co_written(document_id)))
    WITH CHECK (is_callers_own(document_id) OR manifest_hash = '' AND is_co_written(document_id));
GRANT UPDATE (title, body, content, author_id, author_name, author_position, created_at) ON document_version TO documents_rpc;
GRANT INSERT ON past_line TO documents_rpc;
GRANT SELECT ON version_registration, special_number TO documents_rpc;
GRANT SELECT, INSERT ON past_line, version_registration, special_number TO documents_worker;
GRANT SELECT, INSERT, UPDATE ON special_series TO documents_worker;
GRANT UPDATE (effective) ON document_version TO documents_worker;
