-- Tables and indexes.

-- Pairs of letters that stand together, as numbers; mask keeps titles and names apart. Kept small, a million titles fit in memory.
CREATE FUNCTION grams_of(plain text, mask integer) RETURNS integer[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT (ascii(pair.letter) << 16) # ascii(pair.following) # mask), '{}') FROM (
        SELECT letter, lead(letter) OVER (ORDER BY place) AS following
        FROM unnest(string_to_array(plain, NULL)) WITH ORDINALITY AS u(letter, place)
    ) AS pair WHERE pair.following IS NOT NULL
$$;

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
    changed_at timestamptz NOT NULL,
    -- 일괄기안: the document whose decision is this one's too, and its place behind it; null: it stands for itself.
    lead_id uuid,
    place integer NOT NULL DEFAULT 0,
    -- Officials who write on a private draft beside its author.
    co_drafters jsonb NOT NULL DEFAULT '[]',
    -- Why no line was opened: [code, params, field, source] each.
    problems jsonb NOT NULL DEFAULT '[]',
    -- 담당자; the rest of what becomes of a received document stands beside its card.
    in_charge_id text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX document_origin ON document (origin_key) WHERE origin_key IS NOT NULL;
CREATE INDEX document_line ON document (line_id) WHERE line_id IS NOT NULL;
CREATE INDEX document_board ON document (department_code, id)
    WHERE state IN ('send-wait', 'seal-review', 'seal-rejected', 'send-held', 'sending', 'sent', 'sent-partial');
-- For the policy of the series below: which departments have something to accept.
CREATE INDEX document_to_accept ON document (department_code) WHERE state = 'to-accept';
-- Boxes of a person, of an agency's work, of a department.
CREATE INDEX document_author ON document (author_id, state, id) WHERE state IN ('draft', 'returned', 'refused');
CREATE INDEX document_open ON document (agency_id, state, id)
    WHERE state IN ('in-path', 'held', 'arrived', 'redistribution-asked', 'seal-review');
CREATE INDEX document_department ON document (department_code, state, id);
CREATE INDEX document_charge ON document (in_charge_id, id) WHERE state = 'assigned';
CREATE INDEX document_created ON document (created_at, id);

CREATE TABLE document_version (
    document_id uuid NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    author_name text NOT NULL,
    manifest_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- A version is somebody's, in a capacity and role, made from another one; without a manifest it is still being written.
    author_id text NOT NULL DEFAULT '',
    author_position text NOT NULL DEFAULT '',
    role text NOT NULL DEFAULT 'draft',
    base_number integer NOT NULL DEFAULT 0,
    effective boolean NOT NULL DEFAULT true,
    -- OfficialDocument without body and steps, as it was in this version.
    content bytea NOT NULL DEFAULT '',
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
    -- What yearly looks go by, and the mark of a cancelled registration: its number stays taken.
    disclosure integer NOT NULL DEFAULT 0,
    -- Last day of the retention period; null: it never ends.
    retained_until date,
    cancelled boolean NOT NULL DEFAULT false,
    PRIMARY KEY (department_code, year, serial)
);
CREATE INDEX registration_disclosure ON registration (agency_id, year, serial) WHERE disclosure IN (2, 3);
CREATE INDEX registration_retention ON registration (agency_id, retained_until, serial) WHERE retained_until IS NOT NULL;
CREATE INDEX registration_date ON registration (date, document_id);
CREATE INDEX registration_text ON registration (text text_pattern_ops, agency_id);

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
    -- By what right a row lets somebody read: author, co-drafter, line, department, division, agency, grant, circulation, records, all.
    basis text NOT NULL DEFAULT '',
    PRIMARY KEY (document_id, token) INCLUDE (reader_agency)
);
CREATE INDEX audience_token ON audience (token, document_id DESC) INCLUDE (reader_agency);
CREATE INDEX audience_co_drafts ON audience (token) WHERE basis = 'co-drafter';

CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    receiver_code text NOT NULL,
    receiver_name text NOT NULL,
    state text NOT NULL,
    needs_person boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    -- Which recipient, until when an acceptance is expected, when to look again, why a person is asked.
    position integer NOT NULL DEFAULT 0,
    refer boolean NOT NULL DEFAULT false,
    reason text NOT NULL DEFAULT '',
    due_at timestamptz,
    watch_at timestamptz,
    UNIQUE (document_id, position)
);
CREATE INDEX delivery_trouble ON delivery (agency_id) WHERE needs_person;
CREATE INDEX delivery_watch ON delivery (watch_at) WHERE watch_at IS NOT NULL;

CREATE TABLE delivery_event (
    report_id text NOT NULL,
    delivery_id uuid NOT NULL,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    step text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    department text NOT NULL,
    person text NOT NULL,
    reason text NOT NULL,
    file_name text NOT NULL,
    -- Whom it was sent on to (이송); mostly empty.
    passed_to text NOT NULL DEFAULT '',
    -- Two copies may be told of by reports of one name: none hides the other.
    PRIMARY KEY (delivery_id, report_id)
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
    read_at timestamptz NOT NULL,
    -- The reader's department and agency, by what right, and what was opened.
    department_name text NOT NULL DEFAULT '',
    agency_name text NOT NULL DEFAULT '',
    basis text NOT NULL DEFAULT '',
    what text NOT NULL DEFAULT 'body'
);
CREATE INDEX reading_newest ON reading (document_id, id DESC);

-- Lines a document has left behind by being submitted again: news of them come late, not early.
CREATE TABLE past_line (
    line_id uuid PRIMARY KEY,
    document_id uuid NOT NULL
);

-- Rejected and superseded versions of major documents are records of their own (공공기록물법 시행령 21①), numbered in the
-- department's series beside the documents.
CREATE TABLE version_registration (
    department_code text NOT NULL,
    year integer NOT NULL,
    serial bigint NOT NULL,
    document_id uuid NOT NULL,
    number integer NOT NULL,
    agency_id text NOT NULL,
    text text NOT NULL,
    date text NOT NULL,
    PRIMARY KEY (department_code, year, serial),
    UNIQUE (document_id, number)
);

-- Further numbers of orders and notices (시행규칙 8), by agency and kind; year 0: they run on over the years.
CREATE TABLE special_series (
    agency_id text NOT NULL,
    kind integer NOT NULL,
    year integer NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (agency_id, kind, year)
);

CREATE TABLE special_number (
    agency_id text NOT NULL,
    kind integer NOT NULL,
    year integer NOT NULL,
    serial bigint NOT NULL,
    document_id uuid NOT NULL UNIQUE,
    text text NOT NULL,
    PRIMARY KEY (agency_id, kind, year, serial)
);

-- Who was shown a decided or received document, and when that person read it (통보, 공람, 후열).
CREATE TABLE circulation (
    document_id uuid NOT NULL,
    official_id text NOT NULL,
    -- circulate, inform, confirm
    kind text NOT NULL,
    agency_id text NOT NULL,
    reader_agency text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    instruction text NOT NULL,
    read_at timestamptz,
    -- When the reader was reminded last: a decision taken in his absence waits to be read (행정업무규정 10③).
    reminded_at timestamptz,
    name text NOT NULL,
    position text NOT NULL,
    department_name text NOT NULL,
    PRIMARY KEY (document_id, official_id, kind)
);
CREATE INDEX circulation_unread ON circulation (official_id, asked_at DESC, document_id) WHERE read_at IS NULL;

-- Who may read beyond what the reading range says, and on whose word.
CREATE TABLE reader_grant (
    document_id uuid NOT NULL,
    token text NOT NULL,
    agency_id text NOT NULL,
    reader_agency text NOT NULL,
    granted_by text NOT NULL,
    granted_name text NOT NULL,
    granted_at timestamptz NOT NULL,
    reason text NOT NULL,
    revoked_by text,
    revoked_at timestamptz,
    revoke_reason text,
    PRIMARY KEY (document_id, token, granted_at)
);
CREATE INDEX reader_grant_live ON reader_grant (document_id) WHERE revoked_at IS NULL;

-- Registration data as it was and as it became, word for word (시행규칙 6).
CREATE TABLE registration_change (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    version bigint NOT NULL,
    -- [field, before, after] each
    changes jsonb NOT NULL,
    reason text NOT NULL,
    cancelled boolean NOT NULL,
    changed_by text NOT NULL,
    changed_name text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX registration_change_document ON registration_change (document_id, version);

-- Result of a yearly look (시행령 24, 시행규칙 14).
CREATE TABLE review (
    document_id uuid NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    agency_id text NOT NULL,
    reviewed_at timestamptz NOT NULL,
    reviewed_by text NOT NULL,
    reviewed_name text NOT NULL,
    reason text NOT NULL,
    changed boolean NOT NULL,
    PRIMARY KEY (document_id, kind, year)
);

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
CREATE INDEX recipient_addition_asked ON recipient_addition (agency_id) WHERE state = 'asked';

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

CREATE TABLE receipt (
    document_id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    -- As the sender addressed it.
    receiver_code text NOT NULL,
    arrived_at timestamptz NOT NULL,
    -- Begin of the working time in which it is dealt with: what the duty officer received is handed over then.
    handed_over_at timestamptz NOT NULL,
    distributed_at timestamptz,
    accepted_at timestamptz,
    -- Codes of departments that gave it back: they lose sight of it when it is distributed again.
    given_back jsonb NOT NULL DEFAULT '[]',
    -- Codes of departments that were informed beside the one that accepts.
    informed jsonb NOT NULL DEFAULT '[]',
    task_code text NOT NULL DEFAULT '',
    in_charge_name text NOT NULL DEFAULT '',
    instruction text NOT NULL DEFAULT '',
    due_on text NOT NULL DEFAULT '',
    -- Where it was transferred or forwarded to, or which department was suggested.
    passed_to text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    defect text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    answer_id uuid,
    -- The draft of ours that carries it on (경유).
    forward_id uuid
);
CREATE UNIQUE INDEX receipt_forward ON receipt (forward_id) WHERE forward_id IS NOT NULL;
CREATE INDEX receipt_answer ON receipt (answer_id) WHERE answer_id IS NOT NULL;

-- Uploads under way: how far each has come. The bytes lie in the blob store, in pieces, until they are whole.
CREATE TABLE upload (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    official_id text NOT NULL,
    name text NOT NULL,
    raw_name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    -- As announced; empty: not known beforehand.
    sha256 bytea NOT NULL,
    -- Of the client's own making: tells two files of one name and size apart.
    fingerprint text NOT NULL,
    arrived bigint NOT NULL,
    -- Names of the pieces in order.
    pieces jsonb NOT NULL,
    -- exchange.Attachment once it is finished, so that a lost answer can be given again.
    finished bytea,
    begun_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX upload_owner ON upload (official_id, agency_id);
CREATE INDEX upload_expiry ON upload (expires_at);

-- Titles without blanks in small letters, and names of the people, each between line feeds; both as the domain makes them.
-- The index stands outside row-level security, whose conditions would keep it from being used; nothing leaves it but by the
-- function search_documents, which lets through what the caller may read.
CREATE TABLE search_entry (
    document_id uuid PRIMARY KEY,
    title text NOT NULL,
    people text NOT NULL,
    grams integer[] NOT NULL GENERATED ALWAYS AS (grams_of(title, 0) || grams_of(people, 1509949440)) STORED
);
CREATE INDEX search_entry_grams ON search_entry USING gin (grams);

CREATE TABLE brought_file (
    official_id text NOT NULL,
    agency_id text NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    brought_at timestamptz NOT NULL,
    PRIMARY KEY (official_id, agency_id, sha256)
);

CREATE TABLE attached_file (
    sha256 bytea NOT NULL,
    document_id uuid NOT NULL,
    PRIMARY KEY (sha256, document_id)
);
CREATE INDEX attached_file_document ON attached_file (document_id);

-- Hand-overs of records to the records system (공공기록물법 시행령 32, 33).
CREATE TABLE record_transfer (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    department_code text NOT NULL,
    department_name text NOT NULL,
    -- transfer, production-report
    kind text NOT NULL,
    year integer NOT NULL,
    task_code text NOT NULL,
    minimum_retention integer NOT NULL,
    -- preparing, waiting, accepted, returned
    state text NOT NULL,
    version bigint NOT NULL,
    records integer NOT NULL,
    files integer NOT NULL,
    accepted integer NOT NULL DEFAULT 0,
    returned integer NOT NULL DEFAULT 0,
    -- SHA-256 over what was handed over; empty while its files are made.
    digest bytea NOT NULL DEFAULT '',
    made_by text NOT NULL,
    made_name text NOT NULL,
    made_position text NOT NULL,
    made_at timestamptz NOT NULL,
    -- While it is prepared: when somebody may look at it (again).
    look_at timestamptz,
    answered_at timestamptz,
    code text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    -- Faults that name none of its records: [field, code, reason, our code, its params] each.
    faults jsonb NOT NULL DEFAULT '[]',
    corrects_id uuid,
    correlation_id text NOT NULL
);
CREATE INDEX record_transfer_agency ON record_transfer (agency_id, id DESC);
CREATE INDEX record_transfer_department ON record_transfer (department_code, year, kind);
CREATE INDEX record_transfer_preparing ON record_transfer (look_at) WHERE state = 'preparing';

CREATE TABLE record_transfer_entry (
    transfer_id uuid NOT NULL,
    document_id uuid NOT NULL,
    agency_id text NOT NULL,
    kind text NOT NULL,
    position integer NOT NULL,
    registration_key text NOT NULL,
    file_code text NOT NULL,
    -- State of the document it was handed over in.
    before text NOT NULL,
    -- waiting, accepted, returned: every entry is one of them.
    state text NOT NULL CHECK (state IN ('waiting', 'accepted', 'returned')),
    faults jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (transfer_id, document_id)
);
-- A record is never in two hand-overs that wait for their answer.
CREATE UNIQUE INDEX record_transfer_open ON record_transfer_entry (document_id) WHERE kind = 'transfer' AND state = 'waiting';

-- Files made of texts for the records system, once for each version.
CREATE TABLE record_rendition (
    document_id uuid NOT NULL,
    number integer NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    pages integer NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (document_id, number)
);

-- What the open-document portal was told of a document (원문공개, 정보공개법 8의2). version: of the card when it was told, 0: not yet;
-- said: hash of what it was told; problem: why it did not get there; look_at: nobody else takes it before.
CREATE TABLE disclosed (
    document_id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    version bigint NOT NULL,
    said bytea NOT NULL,
    problem text NOT NULL,
    looked_at timestamptz NOT NULL,
    look_at timestamptz NOT NULL
);

-- Departments that keep the records of a year longer; the newest row counts.
CREATE TABLE transfer_extension (
    id uuid PRIMARY KEY,
    agency_id text NOT NULL,
    department_code text NOT NULL,
    year integer NOT NULL,
    until_year integer NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_name text NOT NULL,
    decided_at timestamptz NOT NULL
);
CREATE INDEX transfer_extension_department ON transfer_extension (department_code, year, id);
