-- Lines to begin with, and proofs of decisions.

-- A kept line: of one official, or shared with the official's department.
CREATE TABLE line_template (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL CHECK (agency_id <> ''),
    department_code text NOT NULL,
    owner_id text NOT NULL CHECK (owner_id <> ''),
    name text NOT NULL CHECK (name <> ''),
    -- Number of the contract's DocumentKind; 0: every kind.
    kind integer NOT NULL,
    task_code text NOT NULL,
    shared boolean NOT NULL,
    steps jsonb NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX line_template_owner ON line_template (agency_id, owner_id) WHERE NOT shared;
CREATE INDEX line_template_department ON line_template (agency_id, department_code) WHERE shared;

-- What an official used last for a kind of document and a task. One row each, so it does not grow with the documents.
CREATE TABLE last_used (
    agency_id text NOT NULL CHECK (agency_id <> ''),
    official_id text NOT NULL CHECK (official_id <> ''),
    kind integer NOT NULL,
    task_code text NOT NULL,
    steps jsonb NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, official_id, kind, task_code)
) WITH (fillfactor = 80);

-- What a passkey signed when somebody acted; everything that is needed to verify it again. It only grows.
CREATE TABLE step_proof (
    line_id uuid NOT NULL,
    -- Version of the line after the act.
    version bigint NOT NULL,
    agency_id text NOT NULL CHECK (agency_id <> ''),
    decided_version bigint NOT NULL CHECK (decided_version < version),
    manifest_hash bytea NOT NULL CHECK (length(manifest_hash) = 32),
    action text NOT NULL,
    leaf bytea NOT NULL CHECK (length(leaf) = 32),
    leaf_index integer NOT NULL CHECK (leaf_index >= 0),
    leaf_count integer NOT NULL CHECK (leaf_index < leaf_count),
    -- Hashes beside the way from the leaf to the root, one after the other.
    path bytea NOT NULL CHECK (length(path) % 32 = 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    credential_json text NOT NULL,
    passkey_id text NOT NULL,
    public_key bytea NOT NULL,
    rp_id text NOT NULL,
    official_id text NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (line_id, version)
);

ALTER TABLE line_template ENABLE ROW LEVEL SECURITY;
ALTER TABLE last_used ENABLE ROW LEVEL SECURITY;
ALTER TABLE step_proof ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON line_template TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY own_agency ON last_used TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY own_agency ON step_proof TO approval_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY worker ON line_template TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON last_used TO approval_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON step_proof TO approval_worker USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON line_template TO approval_rpc;
GRANT SELECT ON last_used TO approval_rpc;
GRANT SELECT, INSERT ON step_proof TO approval_rpc;
GRANT SELECT, INSERT, UPDATE ON last_used TO approval_worker;
GRANT SELECT ON step_proof TO approval_worker;
