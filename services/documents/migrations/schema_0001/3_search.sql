-- Boxes and search.

-- The caller's tokens, as the transaction has them.
CREATE FUNCTION callers_tokens() RETURNS text[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT string_to_array(nullif(current_setting('app.tokens', true), ''), ',')
$$;

-- Whether the day of a registration, or of the first writing of what has none, lies between two days (ISO 8601, may be empty).
CREATE FUNCTION lies_between(registered_on text, created timestamptz, zone text, from_day text, to_day text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT from_day = '' AND to_day = ''
        OR coalesce(registered_on, to_char(created AT TIME ZONE zone, 'YYYY-MM-DD')) >= from_day
        AND (to_day = '' OR coalesce(registered_on, to_char(created AT TIME ZONE zone, 'YYYY-MM-DD')) <= to_day)
$$;

-- States a department's documents may be in, for walking through them state by state.
CREATE FUNCTION department_states() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[
        'in-path', 'held', 'returned', 'refused', 'stopped', 'filed', 'send-wait', 'seal-review', 'seal-rejected', 'send-held',
        'send-cancelled', 'sending', 'sent', 'sent-partial', 'handed-over', 'transferred', 'arrived', 'to-accept', 'accepted',
        'assigned', 'redistribution-asked', 'transferring', 'transferred-away', 'sent-back', 'forwarding', 'forwarded',
        'completed', 'receipt-handed-over', 'receipt-transferred', 'draft'
    ]
$$;

-- Ids of documents that the caller may read and that match everything asked for, newest first, below an id.
-- wanted_grams: what titles and people must contain. Frequent ones are found by walking through what the caller may read,
-- newest first; when that finds too little, they are rare and looked up. patterns, person: what is then compared letter by
-- letter. number_from, number_to: bounds of the printed number, in the caller's agency; elsewhere it must be the whole one.
-- Empty: any.
CREATE FUNCTION search_documents(
    wanted_grams integer[], patterns text[], person text, number_from text, number_to text,
    from_day text, to_day text, department text, wanted_state text, zone text, below uuid, most integer
) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    home CONSTANT text := nullif(current_setting('app.agency', true), '');
    tokens CONSTANT text[] := callers_tokens();
    plain CONSTANT boolean := department = '' AND wanted_state = '' AND from_day = '' AND to_day = '';
    chunk CONSTANT integer := 500;
    by_department CONSTANT boolean := department <> '' AND wanted_grams = '{}';
    total CONSTANT float8 := CASE
        WHEN wanted_grams = '{}' THEN 'infinity' ELSE (SELECT greatest(reltuples, 1) FROM pg_class WHERE relname = 'search_entry')
    END;
    walked integer := 0;
    size integer;
    -- Nothing is registered before it is written: what was written after the last day is left out. What was written long
    -- before the first day is looked up by its registration.
    upper CONSTANT uuid := CASE WHEN to_day = '' THEN NULL ELSE (
        SELECT d.id FROM document d WHERE d.created_at >= (to_day::date + 1)::timestamp AT TIME ZONE zone
        ORDER BY d.created_at, d.id LIMIT 1
    ) END;
    lower CONSTANT uuid := CASE WHEN from_day = '' THEN NULL ELSE (
        SELECT d.id FROM document d WHERE d.created_at >= (from_day::date - 60)::timestamp AT TIME ZONE zone
        ORDER BY d.created_at, d.id LIMIT 1
    ) END;
    cursor_id uuid := least(below, upper);
    found integer := 0;
    page uuid[];
    last uuid;
    hits uuid[];
BEGIN
    IF home IS NULL OR tokens IS NULL THEN
        RETURN;
    END IF;
    IF number_from <> '' THEN
        RETURN QUERY
        SELECT r.document_id FROM registration r
        WHERE r.text ~>=~ number_from AND r.text ~<~ number_to AND (r.agency_id = home OR r.text = number_from)
        AND r.document_id < below
        AND EXISTS (
            SELECT FROM audience a
            WHERE a.document_id = r.document_id AND a.token = ANY (tokens) AND a.reader_agency IN (home, '*') OFFSET 0
        )
        AND EXISTS (
            SELECT FROM search_entry e
            WHERE e.document_id = r.document_id AND e.title LIKE ALL (patterns) AND e.people LIKE person
        )
        AND (plain OR EXISTS (
            SELECT FROM document d LEFT JOIN registration o ON o.document_id = d.id
            WHERE d.id = r.document_id
            AND (department = '' OR d.department_code = department) AND (wanted_state = '' OR d.state = wanted_state)
            AND lies_between(o.date, d.created_at, zone, from_day, to_day)
        ))
        ORDER BY r.document_id DESC LIMIT most;
        RETURN;
    END IF;
    LOOP
        IF by_department THEN
            SELECT array_agg(n.id ORDER BY n.id DESC) FILTER (WHERE EXISTS (
                SELECT FROM audience a WHERE a.document_id = n.id AND a.token = ANY (tokens) AND a.reader_agency IN (home, '*')
            )), (array_agg(n.id ORDER BY n.id))[1], count(*)
            INTO page, last, size FROM (
                SELECT newest.id FROM unnest(department_states()) AS s(state) CROSS JOIN LATERAL (
                    SELECT d.id FROM document d
                    WHERE d.department_code = department AND d.state = s.state AND d.id < cursor_id
                    ORDER BY d.id DESC LIMIT chunk
                ) AS newest
                ORDER BY newest.id DESC LIMIT chunk
            ) AS n;
        ELSE
            SELECT array_agg(n.document_id) INTO page FROM (
                SELECT DISTINCT newest.document_id FROM unnest(tokens) AS t(token) CROSS JOIN LATERAL (
                    SELECT a.document_id FROM audience a
                    WHERE a.token = t.token AND a.document_id < cursor_id AND a.reader_agency IN (home, '*')
                    ORDER BY a.document_id DESC LIMIT chunk
                ) AS newest
                ORDER BY newest.document_id DESC LIMIT chunk
            ) AS n;
            size := coalesce(cardinality(page), 0);
            last := page[size];
        END IF;
        EXIT WHEN size = 0;
        walked := walked + size;
        SELECT array_agg(hit.id) INTO hits FROM (
            SELECT e.document_id AS id FROM search_entry e
            WHERE e.document_id = ANY (page) AND e.title LIKE ALL (patterns) AND e.people LIKE person
            AND (plain OR EXISTS (
                SELECT FROM document d LEFT JOIN registration o ON o.document_id = d.id
                WHERE d.id = e.document_id
                AND (department = '' OR d.department_code = department) AND (wanted_state = '' OR d.state = wanted_state)
                AND lies_between(o.date, d.created_at, zone, from_day, to_day) OFFSET 0
            ))
            ORDER BY e.document_id DESC LIMIT most - found
        ) AS hit;
        IF hits IS NOT NULL THEN
            RETURN QUERY SELECT unnest(hits);
            found := found + cardinality(hits);
        END IF;
        cursor_id := last;
        EXIT WHEN found >= most OR size < chunk;
        IF cursor_id < lower THEN
            RETURN QUERY
            SELECT r.document_id FROM registration r
            JOIN document d ON d.id = r.document_id
            JOIN search_entry e ON e.document_id = r.document_id
            WHERE r.date >= from_day AND (to_day = '' OR r.date <= to_day) AND r.document_id < cursor_id
            AND (department = '' OR d.department_code = department) AND (wanted_state = '' OR d.state = wanted_state)
            AND e.title LIKE ALL (patterns) AND e.people LIKE person
            AND EXISTS (
                SELECT FROM audience a
                WHERE a.document_id = r.document_id AND a.token = ANY (tokens) AND a.reader_agency IN (home, '*') OFFSET 0
            )
            ORDER BY r.document_id DESC LIMIT most - found;
            RETURN;
        END IF;
        -- So rare that reading all that match, each for three steps, is less than walking on until a page is full.
        IF walked >= 1500 AND found::float8 / walked * found / walked * total * 3 < most - found THEN
            RETURN QUERY
            SELECT hit.id FROM (
                SELECT e.document_id AS id FROM search_entry e
                WHERE e.grams @> wanted_grams AND e.title LIKE ALL (patterns) AND e.people LIKE person
                AND (e.document_id < cursor_id) IS TRUE
                ORDER BY e.document_id DESC OFFSET 0
            ) AS hit
            WHERE EXISTS (
                SELECT FROM audience a
                WHERE a.document_id = hit.id AND a.token = ANY (tokens) AND a.reader_agency IN (home, '*') OFFSET 0
            )
            AND (plain OR EXISTS (
                SELECT FROM document d LEFT JOIN registration o ON o.document_id = d.id
                WHERE d.id = hit.id
                AND (department = '' OR d.department_code = department) AND (wanted_state = '' OR d.state = wanted_state)
                AND lies_between(o.date, d.created_at, zone, from_day, to_day) OFFSET 0
            ))
            ORDER BY hit.id DESC LIMIT most - found;
            RETURN;
        END IF;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION search_documents(
    integer[], text[], text, text, text, text, text, text, text, text, uuid, integer
) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_documents(
    integer[], text[], text, text, text, text, text, text, text, text, uuid, integer
) TO documents_rpc;

-- Numbers of the caller's boxes. Each is read from indexes alone; it looks past row-level security and joins the audience
-- itself, once for a box instead of once for a row.
CREATE FUNCTION count_boxes() RETURNS TABLE (box text, n bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    home CONSTANT text := nullif(current_setting('app.agency', true), '');
    tokens CONSTANT text[] := callers_tokens();
    own CONSTANT text := (SELECT t FROM unnest(tokens) AS u(t) WHERE t LIKE 'official:%');
    office CONSTANT text := (SELECT t FROM unnest(tokens) AS u(t) WHERE t LIKE 'department:%');
    me CONSTANT text := substr(own, length('official:') + 1);
    mine CONSTANT text := substr(office, length('department:') + 1);
BEGIN
    IF home IS NULL OR own IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT CASE WHEN d.state = 'draft' THEN 'drafts' ELSE 'returned' END, count(*)
    FROM document d
    WHERE d.author_id = me AND d.agency_id = home AND d.state IN ('draft', 'returned', 'refused')
    AND (d.state <> 'refused' OR d.origin IS NULL)
    GROUP BY 1;
    RETURN QUERY
    SELECT 'drafts', count(*) FROM audience a JOIN document d ON d.id = a.document_id
    WHERE a.token = own AND a.basis = 'co-drafter' AND a.reader_agency = home AND d.state = 'draft' AND d.author_id <> me;
    RETURN QUERY
    SELECT 'in-progress', count(*) FROM document d
    WHERE d.agency_id = home AND d.state IN ('in-path', 'held')
    AND EXISTS (SELECT FROM audience a WHERE a.document_id = d.id AND a.token = own AND a.reader_agency = home OFFSET 0);
    RETURN QUERY
    SELECT CASE WHEN d.state = 'seal-review' THEN 'seal-review' ELSE 'arrived' END, count(*) FROM document d
    WHERE d.agency_id = home AND d.state IN ('arrived', 'redistribution-asked', 'seal-review')
    AND (d.state <> 'seal-review' OR 'keepers:' || home = ANY (tokens))
    AND EXISTS (
        SELECT FROM audience a
        WHERE a.document_id = d.id AND a.reader_agency = home AND a.token = ANY (tokens)
        AND (d.state = 'seal-review' OR a.token <> own)
    )
    GROUP BY 1;
    RETURN QUERY
    SELECT 'in-charge', count(*) FROM document d
    WHERE d.in_charge_id = me AND d.agency_id = home AND d.state = 'assigned';
    RETURN QUERY
    SELECT 'to-read', count(*) FROM circulation c
    WHERE c.official_id = me AND c.reader_agency = home AND c.read_at IS NULL;
    IF mine IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 'to-settle', count(*) FROM delivery v JOIN document d ON d.id = v.document_id
    WHERE v.agency_id = home AND v.needs_person AND d.department_code = mine
    AND EXISTS (SELECT FROM audience a WHERE a.document_id = d.id AND a.token = ANY (tokens) AND a.reader_agency = home);
    RETURN QUERY
    SELECT 'recipients-asked', count(DISTINCT d.id) FROM recipient_addition x JOIN document d ON d.id = x.document_id
    WHERE x.agency_id = home AND x.state = 'asked' AND d.department_code = mine
    AND EXISTS (SELECT FROM audience a WHERE a.document_id = d.id AND a.token = ANY (tokens) AND a.reader_agency = home);
    -- Counted side by side: grouping would sort the department's whole register. Planned for this department:
    -- of an average one there is so little that each row would be looked up.
    RETURN QUERY EXECUTE $q$
    SELECT v.name, v.number FROM (
        SELECT
            count(*) FILTER (WHERE d.state IN (
                'filed', 'send-wait', 'seal-review', 'seal-rejected', 'send-held', 'send-cancelled', 'sending', 'sent',
                'sent-partial', 'handed-over', 'transferred'
            )) AS registered,
            count(*) FILTER (WHERE d.state IN ('sending', 'sent', 'sent-partial')) AS sent,
            count(*) FILTER (WHERE d.state IN (
                'accepted', 'assigned', 'completed', 'forwarding', 'forwarded', 'receipt-handed-over', 'receipt-transferred'
            )) AS received,
            count(*) FILTER (WHERE d.state = 'to-accept') AS to_accept,
            count(*) FILTER (WHERE d.state = 'accepted') AS to_assign,
            count(*) FILTER (WHERE d.state IN ('send-wait', 'seal-rejected', 'send-held')) AS send_wait
        FROM audience a JOIN document d ON d.id = a.document_id
        WHERE a.token = $1 AND a.reader_agency = $2 AND d.department_code = $3
    ) AS c CROSS JOIN LATERAL (VALUES
        ('registered', c.registered), ('sent', c.sent), ('received', c.received), ('to-accept', c.to_accept),
        ('to-assign', c.to_assign), ('send-wait', c.send_wait)
    ) AS v(name, number) $q$ USING office, home, mine;
END
$$;
REVOKE EXECUTE ON FUNCTION count_boxes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_boxes() TO documents_rpc;
