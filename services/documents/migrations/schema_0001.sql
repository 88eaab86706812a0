CREATE TABLE document (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    agency_name text NOT NULL,
    department_code text NOT NULL,
    department_name text NOT NULL,
    title text NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    content bytea NOT NULL,
    steps bytea NOT NULL,
    body_number integer NOT NULL,
    manifest_hash bytea NOT NULL,
    line_id uuid,
    line_version bigint NOT NULL,
    author_id text NOT NULL,
    drafter_name text NOT NULL,
    origin bytea,
    origin_key text,
    origin_revision integer NOT NULL,
    report_version bigint NOT NULL,
    notification integer NOT NULL,
    file_code text NOT NULL,
    retention integer NOT NULL,
    recipients_label text NOT NULL,
    attachment_count integer NOT NULL,
    directory_version bigint NOT NULL,
    correlation_id text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX document_origin ON document (origin_key) WHERE origin_key IS NOT NULL;
CREATE UNIQUE INDEX document_line ON document (line_id) WHERE line_id IS NOT NULL;

CREATE TABLE document_version (
    document_id uuid NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    author_name text NOT NULL,
    manifest_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (document_id, number)
);
CREATE TABLE manifest (
    document_id uuid NOT NULL,
    hash bytea NOT NULL,
    canonical bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (document_id, hash)
);
CREATE TABLE registration (
    department_code text NOT NULL,
    year integer NOT NULL,
    serial bigint NOT NULL,
    document_id uuid NOT NULL UNIQUE,
    agency_id text NOT NULL,
    text text NOT NULL,
    date text NOT NULL,
    PRIMARY KEY (department_code, year, serial)
);
CREATE TABLE number_series (
    department_code text NOT NULL,
    year integer NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (department_code, year)
);
CREATE TABLE audience (
    token text NOT NULL,
    document_id uuid NOT NULL,
    reader_agency text NOT NULL,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (document_id, token)
);
CREATE INDEX audience_token ON audience (token, registered_at DESC, document_id);
CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    receiver_code text NOT NULL,
    receiver_name text NOT NULL,
    state text NOT NULL,
    needs_person boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    UNIQUE (document_id, receiver_code)
);
CREATE INDEX delivery_trouble ON delivery (agency_id) WHERE needs_person;
CREATE TABLE delivery_event (
    report_id text PRIMARY KEY,
    delivery_id uuid NOT NULL,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    step text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    department text NOT NULL,
    person text NOT NULL,
    reason text NOT NULL,
    file_name text NOT NULL
);
CREATE INDEX delivery_event_document ON delivery_event (document_id);
-- Who opened which body, and who tried (기록물관리법 시행령 28③); not changeable by privilege.
CREATE TABLE reading (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    official_id text NOT NULL,
    reader_agency text NOT NULL,
    reader_name text NOT NULL,
    allowed boolean NOT NULL,
    read_at timestamptz NOT NULL
);
CREATE INDEX reading_document ON reading (document_id, read_at);

ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE manifest ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE audience ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE reading ENABLE ROW LEVEL SECURITY;

-- Visibility is the audience table: a row for one of the caller's tokens, in the caller's agency.
CREATE POLICY readers ON audience FOR SELECT TO documents_rpc USING (
    reader_agency = nullif(current_setting('app.agency', true), '')
    AND token = ANY (string_to_array(current_setting('app.tokens', true), ','))
);
CREATE POLICY writers ON audience FOR INSERT TO documents_rpc
    WITH CHECK (reader_agency = nullif(current_setting('app.agency', true), ''));
CREATE POLICY readers ON document FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = document.id));
CREATE POLICY writers ON document FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY changers ON document FOR UPDATE TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '')
        AND EXISTS (SELECT FROM audience a WHERE a.document_id = document.id))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY readers ON document_version FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = document_version.document_id));
CREATE POLICY writers ON document_version FOR INSERT TO documents_rpc WITH CHECK (true);
CREATE POLICY changers ON document_version FOR UPDATE TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = document_version.document_id));
CREATE POLICY readers ON manifest FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = manifest.document_id));
CREATE POLICY writers ON manifest FOR INSERT TO documents_rpc WITH CHECK (true);
CREATE POLICY readers ON registration FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = registration.document_id));
CREATE POLICY readers ON delivery FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = delivery.document_id));
CREATE POLICY readers ON delivery_event FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = delivery_event.document_id));

GRANT SELECT, INSERT ON document, document_version, manifest, audience TO documents_rpc;
GRANT UPDATE ON document, document_version TO documents_rpc;
GRANT SELECT ON registration, delivery, delivery_event TO documents_rpc;
GRANT SELECT, INSERT, UPDATE ON document, document_version, audience, delivery, number_series TO documents_worker;
GRANT SELECT, INSERT ON manifest, registration, delivery_event, reading TO documents_worker;
SELECT journal_ensure_month(now());
SELECT journal_ensure_month(now() + interval '1 month');
