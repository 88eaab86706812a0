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
    decision_strength smallint NOT NULL DEFAULT 0 CHECK (decision_strength BETWEEN 0 AND 3),
    document_department_code text NOT NULL DEFAULT '',
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
    level smallint NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 7),
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
    level smallint NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 7),
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
    ended_at timestamptz,
    -- What a session is called where its secret must not be told.
    session_id uuid NOT NULL DEFAULT gen_random_uuid(),
    strength text NOT NULL DEFAULT 'password',
    passkey_id text NOT NULL DEFAULT '',
    client_address text NOT NULL DEFAULT ''
);
CREATE INDEX session_expiry ON session (expires_at);
CREATE INDEX session_official ON session (official_id);

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

CREATE TABLE delegation_rule (
    rule_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    agency_id uuid NOT NULL,
    title text NOT NULL,
    task_code text NOT NULL,
    document_kind smallint NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 7),
    audit boolean NOT NULL,
    decision_strength smallint NOT NULL CHECK (decision_strength BETWEEN 0 AND 2),
    version bigint NOT NULL,
    -- Who put or ended it last, by name; empty: the set-up.
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (rule_id, valid_from)
);
CREATE INDEX delegation_rule_agency ON delegation_rule (agency_id, task_code);

-- One row for each absence: its beginning never changes.
CREATE TABLE absence (
    absence_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    official_id uuid NOT NULL,
    agency_id uuid NOT NULL,
    reason text NOT NULL,
    note text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz CHECK (ends_at >= starts_at),
    deputy_official_id uuid CHECK (deputy_official_id <> official_id),
    version bigint NOT NULL,
    PRIMARY KEY (absence_id, valid_from),
    UNIQUE (absence_id)
);
CREATE INDEX absence_official ON absence (official_id, starts_at);
CREATE INDEX absence_deputy ON absence (deputy_official_id, starts_at);
CREATE INDEX absence_agency ON absence (agency_id, ends_at);

-- Rows stay after a passkey was removed, and so does the key: what was decided with it must stay verifiable.
CREATE TABLE passkey (
    passkey_id text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    official_id uuid NOT NULL,
    agency_id uuid NOT NULL,
    public_key bytea NOT NULL,
    name text NOT NULL,
    registered_at timestamptz NOT NULL,
    sign_count bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (passkey_id, valid_from),
    UNIQUE (passkey_id)
);
CREATE INDEX passkey_official ON passkey (official_id);

-- Challenges that are out, each good for one ceremony. official_id: whose; absent where nobody was named, or nobody known.
CREATE TABLE challenge (
    challenge bytea PRIMARY KEY,
    purpose text NOT NULL,
    official_id uuid,
    named boolean NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX challenge_expiry ON challenge (expires_at);

-- What neighbouring systems have reported: for each subject its newest report, and what it is here. number: of the report.
CREATE TABLE reported (
    system text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('official', 'appointment', 'absence', 'unit')),
    key text NOT NULL,
    subject uuid NOT NULL,
    reported_at timestamptz NOT NULL,
    number text NOT NULL,
    PRIMARY KEY (system, kind, key)
);
CREATE INDEX reported_subject ON reported (subject);

-- Which unit carries on which, as the table of agency codes says it, whichever of the two came first.
CREATE TABLE unit_link (
    code text NOT NULL,
    predecessor_code text NOT NULL,
    PRIMARY KEY (code, predecessor_code)
);
CREATE INDEX unit_link_predecessor ON unit_link (predecessor_code);

-- Heads of the agencies served here, and those next to them, for whoever drafts together with another agency (공동기안,
-- 행정업무규정 8③). The view's owner is exempt from the row policies; nothing else about other agencies' people leaves it.
CREATE VIEW heads WITH (security_barrier) AS
SELECT o.official_id, o.name, a.appointment_id, a.agency_id, a.position, a.department_code, a.roles, a.level,
       a.valid_from, a.valid_to, o.valid_from AS official_from, o.valid_to AS official_to
FROM appointment a JOIN official o ON o.official_id = a.official_id
WHERE a.level BETWEEN 1 AND 4
  AND EXISTS (SELECT FROM unit u WHERE u.unit_id = a.agency_id AND u.served_here AND (u.valid_to IS NULL OR u.valid_to > u.valid_from));
CREATE VIEW heads_away WITH (security_barrier) AS
SELECT b.absence_id, b.official_id, b.agency_id, b.starts_at, b.ends_at
FROM absence b WHERE EXISTS (SELECT FROM heads h WHERE h.official_id = b.official_id);

ALTER TABLE official ENABLE ROW LEVEL SECURITY;
ALTER TABLE post ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointment ENABLE ROW LEVEL SECURITY;
ALTER TABLE external_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE absence ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON official TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON post TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON appointment TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON external_identity TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON task TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON delegation_rule TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON absence TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY worker ON official TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON post TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON appointment TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON external_identity TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON task TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON delegation_rule TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON absence TO directory_worker USING (true) WITH CHECK (true);

GRANT SELECT ON unit, official, post, appointment, external_identity, client_system, task TO directory_rpc;
GRANT SELECT, INSERT, UPDATE ON unit, official, post, appointment, external_identity, client_system, task, token_key TO directory_worker;
GRANT SELECT, INSERT, UPDATE ON change, change_counter, credential TO directory_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle, session TO directory_worker;
GRANT SELECT, INSERT ON sign_in TO directory_worker;
GRANT SELECT ON delegation_rule, absence, heads, heads_away TO directory_rpc;
GRANT SELECT, INSERT, UPDATE ON delegation_rule, absence, passkey TO directory_worker;
GRANT SELECT, INSERT, DELETE ON challenge TO directory_worker;
GRANT SELECT, INSERT, UPDATE ON reported TO directory_worker;
GRANT SELECT, INSERT, DELETE ON unit_link TO directory_worker;
