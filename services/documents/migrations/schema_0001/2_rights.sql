-- Functions that policies ask, and acts that go past row-level security.

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
-- What a dropped draft named is no reason to see a file.
CREATE FUNCTION drop_draft(wanted uuid) RETURNS boolean
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
REVOKE EXECUTE ON FUNCTION drop_draft(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_draft(uuid) TO documents_rpc;

CREATE FUNCTION is_private(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM document d WHERE d.id = wanted AND d.state = 'draft')
$$;
REVOKE EXECUTE ON FUNCTION is_private(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_private(uuid) TO documents_rpc;

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

-- True for a document of the caller's agency that the caller may read and that has left its line: registered, or arrived.
-- Which act is whose in which state is decided by the tables of the machines (domain); this is the wall around them.
-- It looks past row-level security to see all readers. Before the line ends a card is changed by its author only.
CREATE FUNCTION may_change(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM document d JOIN audience a ON a.document_id = d.id
        WHERE d.id = wanted
        AND d.agency_id = nullif(current_setting('app.agency', true), '')
        AND d.state NOT IN ('draft', 'in-path', 'held', 'returned', 'refused', 'stopped')
        AND a.reader_agency = d.agency_id
        AND a.token = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
$$;
REVOKE EXECUTE ON FUNCTION may_change(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_change(uuid) TO documents_rpc;

-- True for a records officer of an agency.
CREATE FUNCTION keeps_records_of(agency text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT agency = nullif(current_setting('app.agency', true), '')
    AND 'records:' || agency = ANY (string_to_array(current_setting('app.tokens', true), ','))
$$;

-- Departments of the caller's agency with how many documents have a number, for records officers; year 0: of every year.
-- Number series tell which years there are, but name no agency, so their registrations are asked; both by their keys.
CREATE FUNCTION record_years(wanted integer)
RETURNS TABLE (department_code text, department_name text, year integer, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.department_code, f.department_name, s.year,
        (SELECT count(*) FROM registration c WHERE c.department_code = s.department_code AND c.year = s.year)
    FROM number_series s CROSS JOIN LATERAL (
        SELECT r.agency_id, d.department_name FROM registration r JOIN document d ON d.id = r.document_id
        WHERE r.department_code = s.department_code AND r.year = s.year ORDER BY r.serial DESC LIMIT 1
    ) AS f
    WHERE (wanted = 0 OR s.year = wanted) AND keeps_records_of(f.agency_id)
    ORDER BY s.year DESC, s.department_code
$$;
REVOKE EXECUTE ON FUNCTION record_years(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_years(integer) TO documents_rpc;
