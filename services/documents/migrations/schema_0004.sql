-- Readers: visibility, circulation, search, changes of registration.

-- By what right a row lets somebody read: author, co-drafter, line, department, division, agency, grant, circulation, records, all.
ALTER TABLE audience ADD COLUMN basis text NOT NULL DEFAULT '';
-- Two tokens reach beyond one department: member:<agency> is every official of an agency, all is every official of any agency.
DROP POLICY readers ON audience;
CREATE POLICY readers ON audience FOR SELECT TO documents_rpc USING (
    reader_agency IN (nullif(current_setting('app.agency', true), ''), '*')
    AND token = ANY ((SELECT string_to_array(current_setting('app.tokens', true), ','))::text[])
);
-- Whoever has written a document shows it to another agency once it is more than a draft (공동기안).
DROP POLICY writers ON audience;
CREATE FUNCTION is_private(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM document d WHERE d.id = wanted AND d.state = 'draft')
$$;
REVOKE EXECUTE ON FUNCTION is_private(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_private(uuid) TO documents_rpc;
CREATE POLICY writers ON audience FOR INSERT TO documents_rpc WITH CHECK (
    is_callers_own(document_id)
    AND (reader_agency = nullif(current_setting('app.agency', true), '') OR NOT is_private(document_id))
);

-- Who was shown a decided or received document, and when that person read it (통보, 공람, 후열).
CREATE TABLE circulation (
    document_id uuid NOT NULL,
    official_id text NOT NULL,
    -- circulate, inform, confirm
    kind text NOT NULL,
    agency_id text NOT NULL,
    reader_agency text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    instruction text NOT NULL,
    read_at timestamptz,
    -- When the reader was reminded last: a decision taken in his absence waits to be read (행정업무규정 10③).
    reminded_at timestamptz,
    name text NOT NULL,
    position text NOT NULL,
    department_name text NOT NULL,
    PRIMARY KEY (document_id, official_id, kind)
);
CREATE INDEX circulation_unread ON circulation (official_id, asked_at DESC, document_id) WHERE read_at IS NULL;
-- Who may read beyond what the reading range says, and on whose word.
CREATE TABLE reader_grant (
    document_id uuid NOT NULL,
    token text NOT NULL,
    agency_id text NOT NULL,
    reader_agency text NOT NULL,
    granted_by text NOT NULL,
    granted_name text NOT NULL,
    granted_at timestamptz NOT NULL,
    reason text NOT NULL,
    revoked_by text,
    revoked_at timestamptz,
    revoke_reason text,
    PRIMARY KEY (document_id, token, granted_at)
);
CREATE INDEX reader_grant_live ON reader_grant (document_id) WHERE revoked_at IS NULL;

-- True for a document that the caller's agency has and the caller may read, once it is more than a private draft.
CREATE FUNCTION may_show(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM document d JOIN audience a ON a.document_id = d.id
        WHERE d.id = wanted AND d.state <> 'draft'
        AND d.agency_id = nullif(current_setting('app.agency', true), '')
        AND a.reader_agency = d.agency_id
        AND a.token = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
$$;
REVOKE EXECUTE ON FUNCTION may_show(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_show(uuid) TO documents_rpc;
-- Adds readers to a document and takes others away. Who may order that is decided before; here is the wall around it: a
-- document of the caller's own agency that the caller reads. It looks past row-level security, for rows are other people's.
CREATE FUNCTION change_audience(
    wanted uuid, tokens text[], agencies text[], bases text[], removed text[], moment timestamptz
) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (may_show(wanted) OR is_callers_own(wanted)) THEN
        RETURN false;
    END IF;
    DELETE FROM audience a WHERE a.document_id = wanted AND a.token = ANY (removed);
    INSERT INTO audience (token, document_id, reader_agency, registered_at, basis)
    SELECT t, wanted, r, moment, b FROM unnest(tokens, agencies, bases) AS v(t, r, b)
    ON CONFLICT (document_id, token) DO UPDATE SET basis = excluded.basis WHERE audience.basis <> excluded.basis;
    RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION change_audience(uuid, text[], text[], text[], text[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION change_audience(uuid, text[], text[], text[], text[], timestamptz) TO documents_rpc;

-- Readings say more: department, agency, by what right, and what was opened.
ALTER TABLE reading ADD COLUMN department_name text NOT NULL DEFAULT '';
ALTER TABLE reading ADD COLUMN agency_name text NOT NULL DEFAULT '';
ALTER TABLE reading ADD COLUMN basis text NOT NULL DEFAULT '';
ALTER TABLE reading ADD COLUMN what text NOT NULL DEFAULT 'body';
CREATE INDEX reading_newest ON reading (document_id, id DESC);
DROP INDEX reading_document;

-- Registration data as it was and as it became, word for word (시행규칙 6).
CREATE TABLE registration_change (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    version bigint NOT NULL,
    -- [field, before, after] each
    changes jsonb NOT NULL,
    reason text NOT NULL,
    cancelled boolean NOT NULL,
    changed_by text NOT NULL,
    changed_name text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX registration_change_document ON registration_change (document_id, version);
-- Result of a yearly look (시행령 24, 시행규칙 14).
CREATE TABLE review (
    document_id uuid NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    agency_id text NOT NULL,
    reviewed_at timestamptz NOT NULL,
    reviewed_by text NOT NULL,
    reviewed_name text NOT NULL,
    reason text NOT NULL,
    changed boolean NOT NULL,
    PRIMARY KEY (document_id, kind, year)
);
-- What yearly looks go by, and the mark of a cancelled registration: its number stays taken.
ALTER TABLE registration ADD COLUMN disclosure integer NOT NULL DEFAULT 0;
-- Last day of the retention period; null: it never ends.
ALTER TABLE registration ADD COLUMN retained_until date;
ALTER TABLE registration ADD COLUMN cancelled boolean NOT NULL DEFAULT false;
CREATE INDEX registration_disclosure ON registration (agency_id, year, serial) WHERE disclosure IN (2, 3);
CREATE INDEX registration_retention ON registration (agency_id, retained_until, serial) WHERE retained_until IS NOT NULL;

ALTER TABLE circulation ENABLE ROW LEVEL SECURITY;
ALTER TABLE reader_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE review ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON circulation TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON reader_grant TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON registration_change TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON review TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON circulation FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = circulation.document_id));
CREATE POLICY writers ON circulation FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));
CREATE POLICY readers ON reader_grant FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = reader_grant.document_id));
CREATE POLICY writers ON reader_grant FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));
CREATE POLICY changers ON reader_grant FOR UPDATE TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));
CREATE POLICY readers ON registration_change FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = registration_change.document_id));
CREATE POLICY writers ON registration_change FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));
CREATE POLICY readers ON review FOR SELECT TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY writers ON review FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));
CREATE POLICY changers ON registration FOR UPDATE TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));

GRANT SELECT, INSERT ON circulation, reader_grant, registration_change, review TO documents_rpc;
GRANT UPDATE (revoked_by, revoked_at, revoke_reason) ON reader_grant TO documents_rpc;
GRANT UPDATE (disclosure, retained_until, cancelled) ON registration TO documents_rpc;
GRANT SELECT, INSERT ON circulation, registration_change, review TO documents_worker;
GRANT UPDATE (read_at, reminded_at) ON circulation TO documents_worker;
GRANT SELECT ON reader_grant TO documents_worker;
GRANT DELETE ON audience TO documents_worker;
