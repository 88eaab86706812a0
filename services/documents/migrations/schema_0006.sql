-- Received documents: distribution, acceptance, charge.

-- 담당자; the rest of what becomes of a received document stands beside its card.
ALTER TABLE document ADD COLUMN in_charge_id text NOT NULL DEFAULT '';
CREATE INDEX document_in_charge ON document (in_charge_id) WHERE in_charge_id <> '';
-- For the policy of the series below: which departments have something to accept.
CREATE INDEX document_to_accept ON document (department_code) WHERE state = 'to-accept';
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
INSERT INTO receipt (document_id, agency_id, receiver_code, arrived_at, handed_over_at)
SELECT id, agency_id, department_code, created_at, created_at FROM document WHERE state = 'arrived';

ALTER TABLE receipt ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON receipt TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON receipt FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = receipt.document_id));
CREATE POLICY dealers ON receipt FOR UPDATE TO documents_rpc
    USING (may_change(document_id)) WITH CHECK (may_change(document_id));
GRANT SELECT, INSERT, UPDATE ON receipt TO documents_worker;
GRANT SELECT, UPDATE ON receipt TO documents_rpc;

-- A clerk takes a number for a document that waits for acceptance in its department, and for nothing else.
ALTER TABLE number_series ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON number_series TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY acceptors ON number_series TO documents_rpc
    USING (EXISTS (
        SELECT FROM document d WHERE d.department_code = number_series.department_code AND d.state = 'to-accept'
    ))
    WITH CHECK (EXISTS (
        SELECT FROM document d WHERE d.department_code = number_series.department_code AND d.state = 'to-accept'
    ));
GRANT SELECT, INSERT ON number_series TO documents_rpc;
GRANT UPDATE (n) ON number_series TO documents_rpc;
CREATE POLICY acceptors ON registration FOR INSERT TO documents_rpc WITH CHECK (
    agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id)
    AND EXISTS (
        SELECT FROM document d WHERE d.id = registration.document_id AND d.state IN ('to-accept', 'accepted')
        AND d.department_code = registration.department_code
    )
);
GRANT INSERT ON registration TO documents_rpc;
