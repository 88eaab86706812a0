-- Levels of posts, rules of delegated decision, absences and deputies, passkeys, sessions that say how they were opened.
-- Every new column of an old table has a default: the release before this one goes on writing.

ALTER TABLE unit
    ADD COLUMN decision_strength smallint NOT NULL DEFAULT 0 CHECK (decision_strength BETWEEN 0 AND 3),
    ADD COLUMN document_department_code text NOT NULL DEFAULT '';
ALTER TABLE post ADD COLUMN level smallint NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 7);
ALTER TABLE appointment ADD COLUMN level smallint NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 7);

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

-- session_id: what a session is called where its secret must not be told.
ALTER TABLE session
    ADD COLUMN session_id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN strength text NOT NULL DEFAULT 'password',
    ADD COLUMN passkey_id text NOT NULL DEFAULT '',
    ADD COLUMN client_address text NOT NULL DEFAULT '';
CREATE INDEX session_official ON session (official_id);

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

ALTER TABLE delegation_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE absence ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON delegation_rule TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY own_agency ON absence TO directory_rpc USING (agency_id = nullif(current_setting('app.agency', true), '')::uuid);
CREATE POLICY worker ON delegation_rule TO directory_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON absence TO directory_worker USING (true) WITH CHECK (true);

GRANT SELECT ON delegation_rule, absence, heads, heads_away TO directory_rpc;
GRANT SELECT, INSERT, UPDATE ON delegation_rule, absence, passkey TO directory_worker;
GRANT SELECT, INSERT, DELETE ON challenge TO directory_worker;
