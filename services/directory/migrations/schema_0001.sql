-- Tables of the directory. Dated rows: each holds from valid_from until before valid_to; an empty interval was withdrawn.
-- Units and their search are public among officials; what names people is cut to the tenant; what proves people
-- (credentials, sessions, keys) is out of reach of the rpc role altogether: sign-in runs under the worker role.

-- Two characters at a time: trigrams find nothing for the two-syllable words that Korean units are searched by.
CREATE FUNCTION unit_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(words, place, 2)) FROM generate_series(1, length(words) - 1) AS place
$$;

CREATE TABLE unit (
    unit_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    -- Codes of a wrong form are kept as they are: documents carry them.
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL,
    full_name text NOT NULL,
    agency_id uuid NOT NULL,
    parent_code text NOT NULL,
    is_agency boolean NOT NULL,
    served_here boolean NOT NULL,
    time_zone text NOT NULL,
    successor_codes jsonb NOT NULL,
    head_title text NOT NULL,
    zipcode text NOT NULL,
    address text NOT NULL,
    telephone text NOT NULL,
    fax text NOT NULL,
    homepage text NOT NULL,
    version bigint NOT NULL,
    search_text text GENERATED ALWAYS AS (lower(replace(full_name, ' ', '') || ' ' || code)) STORED,
    PRIMARY KEY (unit_id, valid_from)
);
CREATE INDEX unit_code ON unit (code, valid_from);
CREATE INDEX unit_search ON unit USING gin (unit_grams(search_text));

CREATE TABLE official (
    official_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    name text NOT NULL,
    agency_id uuid NOT NULL,
    login text NOT NULL,
    email text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (official_id, valid_from)
);
CREATE INDEX official_agency ON official (agency_id);

CREATE TABLE post (
    post_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    department_code text NOT NULL,
    position text NOT NULL,
    roles jsonb NOT NULL,
    agency_id uuid NOT NULL,
    PRIMARY KEY (post_id, valid_from)
);

-- position, department and roles repeat the post's, as every replica does.
CREATE TABLE appointment (
    appointment_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    official_id uuid NOT NULL,
    post_id uuid NOT NULL,
    position text NOT NULL,
    department_code text NOT NULL,
    agency_id uuid NOT NULL,
    roles jsonb NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (appointment_id, valid_from)
);
CREATE INDEX appointment_official ON appointment (official_id);
CREATE INDEX appointment_agency ON appointment (agency_id, department_code);

CREATE TABLE external_identity (
    system text NOT NULL,
    external_id text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    official_id uuid NOT NULL,
    agency_id uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (system, external_id, valid_from)
);

CREATE TABLE client_system (
    system text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    agency_ids jsonb NOT NULL,
    name text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (system, valid_from)
);

CREATE TABLE task (
    code text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    name text NOT NULL,
    retention smallint NOT NULL CHECK (retention BETWEEN 1 AND 8),
    department_codes jsonb NOT NULL,
    agency_id uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (code, valid_from)
);

-- Public halves. The private ones lie in files; ordinal: order of making. retired_at: no longer signs.
CREATE TABLE token_key (
    key_id text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    public_key bytea NOT NULL CHECK (length(public_key) = 32),
    ordinal bigint GENERATED ALWAYS AS IDENTITY,
    made_at timestamptz NOT NULL,
    retired_at timestamptz,
    PRIMARY KEY (key_id, valid_from)
);

-- The change log: every dated row once, at its newest version.
CREATE TABLE change (
    version bigint PRIMARY KEY,
    kind smallint NOT NULL,
    id text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    payload bytea NOT NULL,
    UNIQUE (kind, id, valid_from)
);

-- One row, locked by every writer before it reads: so versions are committed in their order, and a reader that has seen
-- one has seen all before it.
CREATE TABLE change_counter (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    n bigint NOT NULL
);
INSERT INTO change_counter (n) VALUES (0);

CREATE TABLE credential (
    login text PRIMARY KEY,
    official_id uuid NOT NULL,
    password_hash text NOT NULL,
    must_change boolean NOT NULL,
    changed_at timestamptz NOT NULL
);

-- Failed attempts by hash of the login, known or not: an answer must not tell which logins exist.
CREATE TABLE throttle (
    login_hash bytea PRIMARY KEY,
    failures integer NOT NULL,
    locked_until timestamptz NOT NULL,
    last_attempt_at timestamptz NOT NULL
);
CREATE INDEX throttle_age ON throttle (last_attempt_at);

CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    official_id uuid NOT NULL,
    agency_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX session_expiry ON session (expires_at);

-- The sign-in record. Unknown logins leave no text: people type passwords into the wrong field.
CREATE TABLE sign_in (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    login text NOT NULL,
    official_id uuid,
    agency_id uuid,
    outcome text NOT NULL,
    client_address text NOT NULL
);
CREATE INDEX sign_in_official ON sign_in (official_id, at);

ALTER TABLE official ENABLE ROW LEVEL SECURITY;
ALTER TABLE post ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointment ENABLE ROW LEVEL SECURITY;
ALTER TABLE external_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON official TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON post TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON appointment TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON external_identity TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON task TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY worker ON official TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON post TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON appointment TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON external_identity TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON task TO directory_worker USING (true) WITH CHECK (true);

GRANT SELECT ON unit, official, post, appointment, external_identity, client_system, task TO directory_rpc;
GRANT SELECT, INSERT, UPDATE ON unit, official, post, appointment, external_identity, client_system, task, token_key TO directory_worker;
GRANT SELECT, INSERT, UPDATE ON change, change_counter, credential TO directory_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle, session TO directory_worker;
GRANT SELECT, INSERT ON sign_in TO directory_worker;
