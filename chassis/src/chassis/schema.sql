-- Tables every service's database has. Run once by the first migration of each service; later changes are migrations.
-- Roles: <service>_owner runs migrations, <service>_rpc serves people (row-level security), <service>_worker consumes and relays.

CREATE TABLE journal (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL,
    type text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    agency_id text NOT NULL,
    actor jsonb NOT NULL,
    correlation_id text NOT NULL,
    occurred_at timestamptz NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    payload bytea,
    salt bytea,
    leaf bytea,
    leaf_index bigint
) PARTITION BY RANGE (occurred_at);
CREATE TABLE journal_other PARTITION OF journal DEFAULT;
CREATE INDEX journal_seq ON journal (seq);
CREATE INDEX journal_aggregate ON journal (aggregate_id, aggregate_version);
CREATE INDEX journal_position ON journal (xid, seq);

-- Makes the partition of the month that holds a moment, if it is not there yet.
CREATE FUNCTION journal_ensure_month(moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    start timestamptz := date_trunc('month', moment AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
    name text := 'journal_' || to_char(moment AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NULL AND NOT EXISTS (
        SELECT FROM journal_other WHERE occurred_at >= start AND occurred_at < start + interval '1 month'
    ) THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF journal FOR VALUES FROM (%L) TO (%L)', name, start, start + interval '1 month');
    END IF;
END $$;

-- The journal only grows. The one exception is journal_dispose.
CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('app.disposing', true) = NEW.id::text
       AND NEW.payload IS NULL AND NEW.salt IS NULL
       AND (NEW.seq, NEW.id, NEW.type, NEW.aggregate_id, NEW.aggregate_version, NEW.agency_id, NEW.occurred_at, NEW.xid)
         = (OLD.seq, OLD.id, OLD.type, OLD.aggregate_id, OLD.aggregate_version, OLD.agency_id, OLD.occurred_at, OLD.xid) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'journal-only-grows' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_only_grows();

-- Disposal decisions (retention ended, erasure of personal data): who decided what on which ground.
CREATE TABLE disposal (
    id uuid PRIMARY KEY,
    decided_at timestamptz NOT NULL,
    decided_by jsonb NOT NULL,
    ground text NOT NULL
);

-- Empties one row under a recorded decision. leaf = H(0x00 || envelope || H(salt || payload)) is kept, so proofs still hold.
CREATE FUNCTION journal_dispose(entry uuid, decision uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM disposal WHERE id = decision) THEN
        RAISE EXCEPTION 'disposal-decision-missing' USING ERRCODE = 'foreign_key_violation';
    END IF;
    PERFORM set_config('app.disposing', entry::text, true);
    UPDATE journal SET leaf = coalesce(leaf, journal_leaf(journal)), payload = NULL, salt = NULL WHERE id = entry;
    PERFORM set_config('app.disposing', '', true);
END $$;

-- Hash of a row that stays provable after its payload is gone.
CREATE FUNCTION journal_leaf(entry journal) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256('\x00'::bytea
        || convert_to(concat_ws('|', entry.id, entry.type, entry.aggregate_id, entry.aggregate_version, entry.agency_id), 'UTF8')
        || sha256(entry.salt || entry.payload))
$$;

CREATE TABLE parcel (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    type text NOT NULL,
    agency_id text NOT NULL,
    actor jsonb NOT NULL,
    correlation_id text NOT NULL,
    occurred_at timestamptz NOT NULL,
    payload bytea NOT NULL
);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('j', 'p')),
    seq bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    leased_until timestamptz NOT NULL DEFAULT '-infinity'
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

CREATE TABLE inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    handled_at timestamptz NOT NULL,
    refusal jsonb,
    PRIMARY KEY (consumer, message_id)
);

CREATE TABLE request (
    client text NOT NULL,
    method text NOT NULL,
    request_id text NOT NULL,
    handled_at timestamptz NOT NULL,
    response bytea NOT NULL,
    PRIMARY KEY (client, method, request_id)
);

CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    type text NOT NULL,
    agency_id text NOT NULL,
    actor jsonb NOT NULL,
    correlation_id text NOT NULL,
    occurred_at timestamptz NOT NULL,
    payload bytea NOT NULL,
    problems jsonb NOT NULL,
    attempts integer NOT NULL,
    parked_at timestamptz NOT NULL,
    next_attempt_at timestamptz,
    UNIQUE (consumer, message_id)
);
CREATE INDEX parked_due ON parked (next_attempt_at);

CREATE TABLE replica (
    kind text NOT NULL,
    id text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    version bigint NOT NULL,
    payload bytea NOT NULL,
    -- Transaction that wrote the row last: versions commit in any order, so a reader that followed them would miss some.
    changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (kind, id, valid_from)
);
CREATE INDEX replica_changed ON replica (changed);

CREATE TABLE timer (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL,
    due_at timestamptz NOT NULL,
    payload jsonb NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT timer_kind_key UNIQUE (kind, key)
);
CREATE INDEX timer_due ON timer (next_attempt_at) WHERE done_at IS NULL;

-- Row-level security: people's sessions see their agency's parked messages and journal only; workers mix agencies.
ALTER TABLE parked ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON parked TO {service}_rpc USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY own_agency ON journal TO {service}_rpc USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY worker ON parked TO {service}_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON journal TO {service}_worker USING (true) WITH CHECK (true);
CREATE POLICY owner ON journal TO {service}_owner USING (true) WITH CHECK (true);

GRANT USAGE ON SCHEMA public TO {service}_rpc, {service}_worker;
GRANT SELECT, INSERT ON journal TO {service}_rpc, {service}_worker;
GRANT INSERT, SELECT ON parcel, outbox, request, inbox, replica, timer TO {service}_rpc;
GRANT UPDATE, DELETE ON timer TO {service}_rpc;
GRANT SELECT ON parked TO {service}_rpc;
GRANT SELECT, INSERT, UPDATE, DELETE ON parcel, outbox, inbox, request, parked, replica, timer TO {service}_worker;
GRANT SELECT, INSERT ON disposal TO {service}_worker;
GRANT EXECUTE ON FUNCTION journal_ensure_month(timestamptz) TO {service}_worker;
REVOKE EXECUTE ON FUNCTION journal_dispose(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_dispose(uuid, uuid) TO {service}_worker;
