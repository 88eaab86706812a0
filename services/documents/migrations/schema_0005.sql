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

-- Copies: which recipient, until when an acceptance is expected, when to look again, why a person is asked.
ALTER TABLE delivery ADD COLUMN position integer NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN refer boolean NOT NULL DEFAULT false;
ALTER TABLE delivery ADD COLUMN reason text NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN due_at timestamptz;
ALTER TABLE delivery ADD COLUMN watch_at timestamptz;
UPDATE delivery SET position = placed.position FROM (
    SELECT id, row_number() OVER (PARTITION BY document_id ORDER BY id) - 1 AS position FROM delivery
) AS placed WHERE placed.id = delivery.id;
UPDATE delivery SET reason = replace(lower(state), '_', '-') WHERE needs_person;
CREATE INDEX delivery_watch ON delivery (watch_at) WHERE watch_at IS NOT NULL;
-- What was done with a copy here, by a person or by the clock; settled: how often each step had been told of by then.
CREATE TABLE delivery_act (
    id uuid PRIMARY KEY,
    delivery_id uuid NOT NULL,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    act text NOT NULL,
    settled jsonb NOT NULL,
    reason text NOT NULL,
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    done_at timestamptz NOT NULL
);
CREATE INDEX delivery_act_delivery ON delivery_act (delivery_id);
CREATE INDEX delivery_act_document ON delivery_act (document_id);
-- Recipients added after sending (행정업무규정 15④); what was decided on stays as it was decided.
CREATE TABLE recipient_addition (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    recipients bytea NOT NULL,
    ground text NOT NULL,
    note text NOT NULL,
    asked_by text NOT NULL,
    asked_name text NOT NULL,
    asked_at timestamptz NOT NULL,
    -- asked, added, refused
    state text NOT NULL,
    decided_by text,
    decided_name text,
    decided_at timestamptz,
    decision_reason text,
    first_position integer
);
CREATE INDEX recipient_addition_document ON recipient_addition (document_id);
-- In whose words sending was refused, held back, released or cancelled.
CREATE TABLE dispatch_note (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    act text NOT NULL,
    reason text NOT NULL,
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    noted_at timestamptz NOT NULL
);
CREATE INDEX dispatch_note_document ON dispatch_note (document_id);
CREATE TABLE seal (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    department_code text NOT NULL,
    image bytea NOT NULL,
    keeper_department_code text NOT NULL,
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL,
    disposed_by text,
    disposed_at timestamptz,
    dispose_reason text
);
CREATE UNIQUE INDEX seal_live ON seal (agency_id, kind, department_code, name) WHERE disposed_at IS NULL;
-- The ledgers (직인날인대장, 서명인날인대장): rows are never changed.
CREATE TABLE seal_imprint (
    agency_id text NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    number bigint NOT NULL,
    document_id uuid NOT NULL UNIQUE,
    seal_id uuid NOT NULL,
    seal_name text NOT NULL,
    title text NOT NULL,
    registration bytea NOT NULL,
    recipients_label text NOT NULL,
    department_code text NOT NULL,
    department_name text NOT NULL,
    applied_by text NOT NULL,
    applied_name text NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, series, year, number)
);
CREATE INDEX seal_imprint_department ON seal_imprint (agency_id, department_code, series, year, number);
CREATE TABLE seal_series (
    agency_id text NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (agency_id, series, year)
);

ALTER TABLE delivery_act ENABLE ROW LEVEL SECURITY;
ALTER TABLE recipient_addition ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE seal_imprint ENABLE ROW LEVEL SECURITY;
ALTER TABLE seal_series ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON delivery_act TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON recipient_addition TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON dispatch_note TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON seal TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON seal_imprint TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON seal_series TO documents_worker USING (true) WITH CHECK (true);

CREATE POLICY senders ON delivery FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));
CREATE POLICY changers ON delivery FOR UPDATE TO documents_rpc
    USING (may_change(document_id)) WITH CHECK (may_change(document_id));
CREATE POLICY readers ON delivery_act FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = delivery_act.document_id));
CREATE POLICY writers ON delivery_act FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));
CREATE POLICY readers ON recipient_addition FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = recipient_addition.document_id));
CREATE POLICY writers ON recipient_addition FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));
CREATE POLICY changers ON recipient_addition FOR UPDATE TO documents_rpc
    USING (may_change(document_id)) WITH CHECK (may_change(document_id));
CREATE POLICY readers ON dispatch_note FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = dispatch_note.document_id));
CREATE POLICY writers ON dispatch_note FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));
-- Seals and ledgers are the agency's own.
CREATE POLICY tenant ON seal TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY readers ON seal_imprint FOR SELECT TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY writers ON seal_imprint FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));
CREATE POLICY tenant ON seal_series TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));

GRANT INSERT ON delivery TO documents_rpc;
GRANT UPDATE (state, needs_person, reason, due_at, watch_at, changed_at) ON delivery TO documents_rpc;
GRANT SELECT, INSERT ON delivery_act, recipient_addition, dispatch_note, seal, seal_imprint, seal_series TO documents_rpc;
GRANT UPDATE (state, decided_by, decided_name, decided_at, decision_reason, first_position) ON recipient_addition TO documents_rpc;
GRANT UPDATE (disposed_by, disposed_at, dispose_reason) ON seal TO documents_rpc;
GRANT UPDATE (n) ON seal_series TO documents_rpc;
GRANT SELECT, INSERT ON delivery_act TO documents_worker;
GRANT SELECT ON recipient_addition, dispatch_note, seal, seal_imprint, seal_series TO documents_worker;
CREATE INDEX document_board ON document (department_code, id)
    WHERE state IN ('send-wait', 'seal-review', 'seal-rejected', 'send-held', 'sending', 'sent', 'sent-partial');
