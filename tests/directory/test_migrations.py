"""The release before goes on working on the newest schema: expand first, contract later."""

AS_BEFORE = (
    (
        "INSERT INTO session (token_hash, official_id, agency_id, created_at, expires_at)"
        " VALUES ('\\x01', gen_random_uuid(), gen_random_uuid(), now(), now() + interval '1 hour')"
    ),
    (
        "INSERT INTO post (post_id, valid_from, department_code, position, roles, agency_id)"
        " VALUES (gen_random_uuid(), '2020-01-01', 'Z310101', '과장', '[]', gen_random_uuid())"
    ),
    (
        "INSERT INTO appointment (appointment_id, valid_from, official_id, post_id, position, department_code, agency_id,"
        " roles, version) VALUES (gen_random_uuid(), '2020-01-01', gen_random_uuid(), gen_random_uuid(), '과장', 'Z310101',"
        " gen_random_uuid(), '[]', 1)"
    ),
    (
        "INSERT INTO unit (unit_id, valid_from, code, name, full_name, agency_id, parent_code, is_agency, served_here,"
        " time_zone, successor_codes, head_title, zipcode, address, telephone, fax, homepage, version) VALUES"
        " (gen_random_uuid(), '2020-01-01', 'T000001', '과', '과', gen_random_uuid(), '0000000', true, false, '', '[]', '',"
        " '', '', '', '', '', 1)"
    ),
)


async def test_rows_as_the_release_before_writes_them_are_taken(directory):
    for statement in AS_BEFORE:
        assert await directory.worker.pool.execute(statement) == "INSERT 0 1"
    session = await directory.worker.pool.fetchrow("SELECT session_id, strength, client_address FROM session")
    assert session["session_id"] is not None
    assert (session["strength"], session["client_address"]) == ("password", "")
    levels = await directory.worker.pool.fetch("SELECT level FROM post UNION ALL SELECT level FROM appointment")
    assert [row["level"] for row in levels] == [0, 0]
