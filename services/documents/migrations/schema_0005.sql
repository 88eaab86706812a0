-- Sending: seals, ledger, added recipients, deliveries that need somebody.

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

CREATE POLICY dealers ON document FOR UPDATE TO documents_rpc
    USING (may_change(id)) WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(id));
-- Whoever deals with a document shows it to those whose turn is next: the keeper of the seal, the person in charge.
CREATE POLICY dealers ON audience FOR INSERT TO documents_rpc WITH CHECK (
    reader_agency = nullif(current_setting('app.agency', true), '') AND may_change(document_id)
);
