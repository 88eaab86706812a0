-- Who may do what with which row.

ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE manifest ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE audience ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE past_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE version_registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE special_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE special_number ENABLE ROW LEVEL SECURITY;
ALTER TABLE circulation ENABLE ROW LEVEL SECURITY;
ALTER TABLE reader_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE review ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_act ENABLE ROW LEVEL SECURITY;
ALTER TABLE recipient_addition ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE seal_imprint ENABLE ROW LEVEL SECURITY;
ALTER TABLE seal_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE number_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE upload ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE brought_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE attached_file ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker ON document TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY writers ON document FOR INSERT TO documents_rpc WITH CHECK (
    author_id <> '' AND agency_id = nullif(current_setting('app.agency', true), '')
    AND 'official:' || author_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
);
CREATE POLICY changers ON document FOR UPDATE TO documents_rpc
    USING (is_callers_own(id))
    WITH CHECK (
        is_callers_own(id) AND author_id <> '' AND agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || author_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    );
CREATE POLICY co_writers ON document FOR UPDATE TO documents_rpc
    USING (is_co_written(id)) WITH CHECK (is_co_written(id) AND state = 'draft' AND author_id = author_of(id));
CREATE POLICY dealers ON document FOR UPDATE TO documents_rpc
    USING (may_change(id)) WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(id));
CREATE POLICY readers ON document FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = document.id OFFSET 0));

CREATE POLICY worker ON document_version TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY writers ON document_version FOR INSERT TO documents_rpc WITH CHECK (is_callers_own(document_id));
CREATE POLICY co_writers ON document_version FOR INSERT TO documents_rpc
    WITH CHECK (manifest_hash = '' AND is_co_written(document_id));
CREATE POLICY revisers ON document_version FOR INSERT TO documents_rpc
    WITH CHECK (NOT effective AND manifest_hash <> '' AND may_revise(document_id));
CREATE POLICY changers ON document_version FOR UPDATE TO documents_rpc
    USING (manifest_hash = '' AND (is_callers_own(document_id) OR is_co_written(document_id)))
    WITH CHECK (is_callers_own(document_id) OR manifest_hash = '' AND is_co_written(document_id));
CREATE POLICY readers ON document_version FOR SELECT TO documents_rpc USING (
    EXISTS (SELECT FROM audience a WHERE a.document_id = document_version.document_id)
    AND (manifest_hash <> '' OR is_callers_own(document_id) OR is_co_written(document_id))
);

CREATE POLICY worker ON manifest TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON manifest FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = manifest.document_id));
CREATE POLICY writers ON manifest FOR INSERT TO documents_rpc WITH CHECK (is_callers_own(document_id));
CREATE POLICY revisers ON manifest FOR INSERT TO documents_rpc WITH CHECK (may_revise(document_id));

CREATE POLICY worker ON registration TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY changers ON registration FOR UPDATE TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY acceptors ON registration FOR INSERT TO documents_rpc WITH CHECK (
    agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id)
    AND EXISTS (
        SELECT FROM document d WHERE d.id = registration.document_id AND d.state IN ('to-accept', 'accepted')
        AND d.department_code = registration.department_code
    )
);
CREATE POLICY readers ON registration FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = registration.document_id OFFSET 0));

CREATE POLICY worker ON audience TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON audience FOR SELECT TO documents_rpc USING (
    reader_agency IN (nullif(current_setting('app.agency', true), ''), '*')
    AND token = ANY ((SELECT string_to_array(current_setting('app.tokens', true), ','))::text[])
);
CREATE POLICY writers ON audience FOR INSERT TO documents_rpc WITH CHECK (
    is_callers_own(document_id)
    AND (reader_agency = nullif(current_setting('app.agency', true), '') OR NOT is_private(document_id))
);
-- Whoever deals with a document shows it to those whose turn is next: the keeper of the seal, the person in charge.
CREATE POLICY dealers ON audience FOR INSERT TO documents_rpc WITH CHECK (
    reader_agency = nullif(current_setting('app.agency', true), '') AND may_change(document_id)
);

CREATE POLICY worker ON delivery TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY senders ON delivery FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));
CREATE POLICY changers ON delivery FOR UPDATE TO documents_rpc
    USING (may_change(document_id)) WITH CHECK (may_change(document_id));
CREATE POLICY readers ON delivery FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = delivery.document_id OFFSET 0));

CREATE POLICY worker ON delivery_event TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON delivery_event FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = delivery_event.document_id));


CREATE POLICY worker ON past_line TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY writers ON past_line FOR INSERT TO documents_rpc WITH CHECK (is_callers_own(document_id));

CREATE POLICY worker ON version_registration TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON version_registration FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = version_registration.document_id));

CREATE POLICY worker ON special_series TO documents_worker USING (true) WITH CHECK (true);

CREATE POLICY worker ON special_number TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON special_number FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = special_number.document_id));

CREATE POLICY worker ON circulation TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY writers ON circulation FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));
CREATE POLICY readers ON circulation FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = circulation.document_id OFFSET 0));

CREATE POLICY worker ON reader_grant TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON reader_grant FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = reader_grant.document_id));
CREATE POLICY writers ON reader_grant FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));
CREATE POLICY changers ON reader_grant FOR UPDATE TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));

CREATE POLICY worker ON registration_change TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON registration_change FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = registration_change.document_id));
CREATE POLICY writers ON registration_change FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));

CREATE POLICY worker ON review TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON review FOR SELECT TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY writers ON review FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_show(document_id));

CREATE POLICY worker ON delivery_act TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON delivery_act FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = delivery_act.document_id));
CREATE POLICY writers ON delivery_act FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));

CREATE POLICY worker ON recipient_addition TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON recipient_addition FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = recipient_addition.document_id));
CREATE POLICY writers ON recipient_addition FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));
CREATE POLICY changers ON recipient_addition FOR UPDATE TO documents_rpc
    USING (may_change(document_id)) WITH CHECK (may_change(document_id));

CREATE POLICY worker ON dispatch_note TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON dispatch_note FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = dispatch_note.document_id));
CREATE POLICY writers ON dispatch_note FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));

CREATE POLICY worker ON seal TO documents_worker USING (true) WITH CHECK (true);
-- Seals and ledgers are the agency's own.
CREATE POLICY tenant ON seal TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));

CREATE POLICY worker ON seal_imprint TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON seal_imprint FOR SELECT TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''));
CREATE POLICY writers ON seal_imprint FOR INSERT TO documents_rpc
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), '') AND may_change(document_id));

CREATE POLICY worker ON seal_series TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON seal_series TO documents_rpc
    USING (agency_id = nullif(current_setting('app.agency', true), ''))
    WITH CHECK (agency_id = nullif(current_setting('app.agency', true), ''));

CREATE POLICY worker ON receipt TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON receipt FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = receipt.document_id));
CREATE POLICY dealers ON receipt FOR UPDATE TO documents_rpc
    USING (may_change(document_id)) WITH CHECK (may_change(document_id));

CREATE POLICY worker ON number_series TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY acceptors ON number_series TO documents_rpc
    USING (EXISTS (
        SELECT FROM document d WHERE d.department_code = number_series.department_code AND d.state = 'to-accept'
    ))
    WITH CHECK (EXISTS (
        SELECT FROM document d WHERE d.department_code = number_series.department_code AND d.state = 'to-accept'
    ));

CREATE POLICY worker ON upload TO documents_worker USING (true) WITH CHECK (true);
-- An upload is its owner's, nobody else sees it.
CREATE POLICY owner ON upload TO documents_rpc
    USING (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
    WITH CHECK (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    );

CREATE POLICY worker ON search_entry TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON search_entry FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = search_entry.document_id));
CREATE POLICY writers ON search_entry FOR INSERT TO documents_rpc
    WITH CHECK (is_callers_own(document_id) OR may_show(document_id));
CREATE POLICY changers ON search_entry FOR UPDATE TO documents_rpc
    USING (is_callers_own(document_id) OR may_show(document_id))
    WITH CHECK (is_callers_own(document_id) OR may_show(document_id));

CREATE POLICY worker ON brought_file TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY owner ON brought_file TO documents_rpc
    USING (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    )
    WITH CHECK (
        agency_id = nullif(current_setting('app.agency', true), '')
        AND 'official:' || official_id = ANY (string_to_array(current_setting('app.tokens', true), ','))
    );

CREATE POLICY worker ON attached_file TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY readers ON attached_file FOR SELECT TO documents_rpc
    USING (EXISTS (SELECT FROM audience a WHERE a.document_id = attached_file.document_id));
CREATE POLICY writers ON attached_file FOR INSERT TO documents_rpc
    WITH CHECK (is_callers_own(document_id) OR is_co_written(document_id) OR may_revise(document_id));
CREATE POLICY worker ON reading TO documents_worker USING (true) WITH CHECK (true);

ALTER TABLE record_transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_transfer_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_rendition ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_extension ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON record_transfer TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY officers ON record_transfer TO documents_rpc
    USING (keeps_records_of(agency_id)) WITH CHECK (keeps_records_of(agency_id));
CREATE POLICY worker ON record_transfer_entry TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY officers ON record_transfer_entry TO documents_rpc
    USING (keeps_records_of(agency_id)) WITH CHECK (keeps_records_of(agency_id) AND may_change(document_id));
CREATE POLICY worker ON record_rendition TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON transfer_extension TO documents_worker USING (true) WITH CHECK (true);
CREATE POLICY officers ON transfer_extension TO documents_rpc
    USING (keeps_records_of(agency_id)) WITH CHECK (keeps_records_of(agency_id));
