"""Decisions proven by passkey: what is signed, what is refused, what is kept, and that it can be verified from there alone."""

import base64
import json
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from approval import verifying
from approval.domain.deciding import Action, Decision
from approval.domain.people import Signer
from approval.domain.proofs import Signed, opinion_hash
from approval.domain.step import Mode, Role
from approval.handlers.deciding import Item, decide_lines
from approval.handlers.proving import DecisionProofs, broken, prove
from approval.ports.passkeys import RelyingParty
from approval.ports.watch import LineWatch
from approval.queries.proofs import proof_of
from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from chassis.ids import uuid7
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.common.v1.actor_pb2 import AUTH_STRENGTH_PASSKEY, AUTH_STRENGTH_PASSWORD
from support.approval_lines import ABROAD, HOME, MANIFEST, person, short_steps, step, submission
from support.approval_offices import Office
from support.authenticator import EDDSA, Key, SoftAuthenticator

RP = {"rp": {"id": "localhost"}, "user": {"id": "dXNlcg"}, "challenge": "eA"}


def device(**settings) -> SoftAuthenticator:
    """A device with one passkey."""
    made = SoftAuthenticator(**settings)
    made.make(json.dumps(RP))
    return made


@pytest_asyncio.fixture
async def office(approval, government) -> Office:
    return Office()


@pytest.fixture
def own() -> SoftAuthenticator:
    return device()


@pytest_asyncio.fixture
async def registered(approval, government, office, own):
    """The approval service, knowing the chief's passkey and an agency that wants decisions proven by one."""
    key: Key = own.keys[0]
    office.passkey("chief", key.id, key.cose)
    office.strength(AUTH_STRENGTH_PASSKEY)
    await tell(approval, government, office)
    return approval


async def tell(approval, government, office) -> None:
    office.join(government.rows)
    await approval.parts.replica.catch_up()


def item(line_id, version=1, **changes) -> pb.BulkItem:
    values = {"request_id": uuid4().hex, "line_id": str(line_id), "expected_version": version}
    return pb.BulkItem(**(values | {"manifest_hash": MANIFEST} | changes))


async def prepare(
    approval, items, action=pb.ACTION_APPROVE, who="chief", opinion="", return_to=0
) -> pb.PrepareDecisionResponse:
    request = pb.PrepareDecisionRequest(items=items, action=action, opinion=opinion, return_to=return_to)
    return await approval.call("PrepareDecision", request, who)


async def signed(approval, items, by, action=pb.ACTION_APPROVE, opinion="", return_to=0) -> pb.PasskeyAssertion:
    prepared = await prepare(approval, items, action, opinion=opinion, return_to=return_to)
    return pb.PasskeyAssertion(credential_json=by.prove(prepared.options_json))


async def decide(approval, wanted, assertion=None, action=pb.ACTION_APPROVE, who="chief", **changes):
    values = {"request_id": wanted.request_id, "line_id": wanted.line_id, "expected_version": wanted.expected_version}
    values |= {"manifest_hash": wanted.manifest_hash, "action": action, "assertion": assertion}
    return await approval.call("Decide", pb.DecideRequest(**(values | changes)), who)


async def lines(approval, count, steps=None) -> list:
    contents = [submission(steps or short_steps()) for _ in range(count)]
    await approval.submit(*contents)
    return [content.line_id for content in contents]


async def proof(approval, line_id, version=2, who="chief") -> pb.GetProofResponse:
    return await approval.call("GetProof", pb.GetProofRequest(line_id=str(line_id), version=version), who)


async def test_a_decision_that_needs_a_passkey_is_signed_and_the_proof_kept(registered, own) -> None:
    [line_id] = await lines(registered, 1)
    wanted = item(line_id)
    with pytest.raises(ForbiddenError, match="passkey-needed"):
        await decide(registered, wanted)
    prepared = await prepare(registered, [wanted])
    options = json.loads(prepared.options_json)
    assert options["challenge"] == base64.urlsafe_b64encode(prepared.root).rstrip(b"=").decode()
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert [entry["id"] for entry in options["allowCredentials"]] == [own.keys[0].id]
    assert prepared.required_strength == AUTH_STRENGTH_PASSKEY

    assertion = pb.PasskeyAssertion(credential_json=own.prove(prepared.options_json))
    assert (await decide(registered, wanted, assertion)).version == 2
    kept = await proof(registered, line_id)
    assert (kept.strength, kept.proof.root, kept.proof.decided_version) == (AUTH_STRENGTH_PASSKEY, prepared.root, 1)
    assert (kept.proof.official_id, kept.proof.public_key) == (person("chief").official_id, own.keys[0].cose)
    assert (kept.proof.manifest_hash, kept.proof.action) == (MANIFEST, "approve")
    stored = await registered.parts.worker.pool.fetchval("SELECT steps -> 1 ->> 'strength' FROM line")
    assert stored == "passkey"


async def test_one_signature_covers_many_and_each_proof_stands_alone(registered, own) -> None:
    ids = await lines(registered, 7)
    items = [item(each) for each in ids]
    items[3].expected_version = 9
    request = pb.DecideInBulkRequest(
        items=items, action=pb.ACTION_APPROVE, assertion=await signed(registered, items, own)
    )
    outcomes = (await registered.call("DecideInBulk", request)).outcomes
    assert [outcome.error.code for outcome in outcomes] == ["", "", "", "line-moved-on", "", "", ""]
    kept = [await proof_of(registered.parts.worker.pool, each, 2) for each in ids]
    assert kept.pop(3) is None
    assert [each.leaf_index for each in kept] == [0, 1, 2, 4, 5, 6]
    assert {(each.leaf_count, each.root) for each in kept} == {(7, kept[0].root)}
    assert [broken(each) for each in kept] == [[]] * 6
    # Asked again, answered again; nothing is kept twice.
    assert list((await registered.call("DecideInBulk", request)).outcomes) == list(outcomes)
    assert await registered.parts.worker.pool.fetchval("SELECT count(*) FROM step_proof") == 6


@pytest.mark.parametrize("change", ["version", "line", "manifest", "action", "opinion", "for whom", "order", "fewer"])
async def test_a_signature_is_for_exactly_what_was_signed(registered, own, change) -> None:
    ids = await lines(registered, 3)
    items, action, opinion = [item(each) for each in ids[:2]], pb.ACTION_APPROVE, "그대로"
    assertion = await signed(registered, items, own, opinion=opinion)
    match change:
        case "version":
            items[0].expected_version = 2
        case "line":
            items[0].line_id = str(ids[2])
        case "manifest":
            items[0].manifest_hash = bytes(32)
        case "action":
            action = pb.ACTION_RETURN
        case "opinion":
            opinion = "그대로 둘 것"
        case "for whom":
            items[1].acting_for = person("reviewer").official_id
        case "order":
            items.reverse()
        case _:
            items.pop()
    request = pb.DecideInBulkRequest(items=items, action=action, opinion=opinion, assertion=assertion)
    with pytest.raises(ForbiddenError, match="passkey-proof-invalid"):
        await registered.call("DecideInBulk", request)
    assert await registered.parts.worker.pool.fetchval("SELECT count(*) FROM line WHERE version > 1") == 0


async def test_the_way_back_is_signed_with_the_return(registered, own) -> None:
    steps = [*short_steps()[:1], step(2, Role.REVIEW, "reviewer"), step(3, Role.DECIDE, "chief", Mode.OWN)]
    [line_id] = await lines(registered, 1, steps)
    await decide(registered, item(line_id), who="reviewer")
    wanted, said = item(line_id, 2), {"opinion": " 다시 검토 바람 ", "return_to": 2}
    assertion = await signed(registered, [wanted], own, pb.ACTION_RETURN, **said)
    for changes in ({"return_to": 1}, {"return_to": 0}, {"opinion": "다시"}):
        with pytest.raises(ForbiddenError, match="passkey-proof-invalid"):
            await decide(registered, wanted, assertion, pb.ACTION_RETURN, **(said | changes))
    assert (await decide(registered, wanted, assertion, pb.ACTION_RETURN, **said)).version == 3
    kept = (await proof(registered, line_id, 3)).proof
    assert (kept.action, kept.return_to, kept.opinion_hash) == ("return", 2, opinion_hash("다시 검토 바람"))
    pool = registered.parts.worker.pool
    assert await verifying.run(pool, [str(line_id), "3"]) == 0
    # Back to the drafter, whom the history does not name by order.
    again = item(line_id, 3)
    await decide(registered, again, who="reviewer")
    last, said = item(line_id, 4), {"opinion": "처음부터", "return_to": 1}
    assertion = await signed(registered, [last], own, pb.ACTION_RETURN, **said)
    await decide(registered, last, assertion, pb.ACTION_RETURN, **said)
    assert await verifying.run(pool, [str(line_id), "5"]) == 0


async def test_an_old_signature_cannot_be_played_again(registered, own) -> None:
    """The same hands act on the same line twice: what was signed for the first act is no proof of the second."""
    steps = [*short_steps()[:1], step(2, Role.REVIEW, "chief"), step(3, Role.DECIDE, "chief", Mode.OWN)]
    [line_id] = await lines(registered, 1, steps)
    first = item(line_id)
    assertion = await signed(registered, [first], own)
    await decide(registered, first, assertion)
    with pytest.raises(ForbiddenError, match="passkey-proof-invalid"):
        await decide(registered, item(line_id, 2), assertion)
    # Signed again for the version that is there now, it is one.
    second = item(line_id, 2)
    assert (await decide(registered, second, await signed(registered, [second], own))).version == 3
    assert [broken(await proof_of(registered.parts.worker.pool, line_id, version)) for version in (2, 3)] == [[], []]


async def test_another_key_another_page_and_nobody_verified_are_refused(registered, government, office, own) -> None:
    [line_id] = await lines(registered, 1)
    wanted = item(line_id)
    stranger, unverified = device(), own.copy()
    unverified.verifies = False
    colleague = stranger.keys[0]
    office.passkey("partner", colleague.id, colleague.cose)
    await tell(registered, government, office)
    prepared = await prepare(registered, [wanted])
    open_options = json.dumps(json.loads(prepared.options_json) | {"allowCredentials": []})
    answers = [
        stranger.prove(open_options),
        device().prove(open_options),
        unverified.prove(prepared.options_json),
        own.prove(prepared.options_json, origin="https://onnara.example.com"),
        own.prove(prepared.options_json).replace('"signature": "', '"signature": "AAAA'),
        "no json",
        "{}",
        "x" * 20_000,
    ]
    for answer in answers:
        with pytest.raises(ForbiddenError, match="passkey-proof-invalid"):
            await decide(registered, wanted, pb.PasskeyAssertion(credential_json=answer))
    # Nor does our page that stands inside a page of another site, where people are lured into signing.
    own.embedded = True
    lured = own.prove(prepared.options_json)
    own.embedded = False
    with pytest.raises(ForbiddenError, match="passkey-proof-invalid"):
        await decide(registered, wanted, pb.PasskeyAssertion(credential_json=lured))
    # A key that was taken back no longer signs.
    taken = own.prove(prepared.options_json)
    office.passkey("chief", own.keys[0].id, own.keys[0].cose, valid_to=office.now.date())
    await tell(registered, government, office)
    with pytest.raises(ForbiddenError, match="passkey-proof-invalid"):
        await decide(registered, wanted, pb.PasskeyAssertion(credential_json=taken))
    assert (await prepare(registered, [wanted])).options_json == ""


async def test_only_deciding_finally_needs_one(registered) -> None:
    steps = [*short_steps()[:1], step(2, Role.REVIEW, "reviewer"), step(3, Role.DECIDE, "chief", Mode.OWN)]
    line_id, returned = await lines(registered, 2, steps)
    assert (await prepare(registered, [item(line_id)])).required_strength == 0
    assert (await decide(registered, item(line_id), who="reviewer")).version == 2
    assert (await prepare(registered, [item(line_id, 2)])).required_strength == AUTH_STRENGTH_PASSKEY
    assert (await prepare(registered, [item(line_id, 2)], pb.ACTION_RETURN)).required_strength == 0
    await decide(registered, item(returned), who="reviewer")
    with pytest.raises(ForbiddenError, match="passkey-needed"):
        await decide(registered, item(line_id, 2))
    assert (await decide(registered, item(returned, 2), action=pb.ACTION_RETURN, opinion="보완")).version == 3
    reviewed = await proof(registered, line_id)
    assert (reviewed.strength, reviewed.HasField("proof")) == (AUTH_STRENGTH_PASSWORD, False)


async def test_a_rule_may_want_more_than_the_agency(approval, government, office) -> None:
    office.post("chief", "1900000", 1)
    office.rule(1, task="A", decision_strength=AUTH_STRENGTH_PASSKEY)
    await tell(approval, government, office)
    strict, usual = submission(short_steps(), task_code="A"), submission(short_steps(), task_code="B")
    await approval.submit(strict, usual)
    prepared = await prepare(approval, [item(strict.line_id), item(usual.line_id)])
    assert (prepared.required_strength, prepared.options_json) == (AUTH_STRENGTH_PASSKEY, "")
    assert (await decide(approval, item(usual.line_id))).version == 2
    with pytest.raises(ForbiddenError, match="passkey-needed"):
        await decide(approval, item(strict.line_id))
    # In one call each is judged by itself.
    [outcome] = (
        await approval.call(
            "DecideInBulk", pb.DecideInBulkRequest(items=[item(strict.line_id)], action=pb.ACTION_APPROVE)
        )
    ).outcomes
    assert outcome.error.code == "passkey-needed"


async def test_a_signature_that_nobody_asked_for_is_kept_too(approval, government, office) -> None:
    own = device(algorithm=EDDSA, counts=False)
    office.passkey("chief", own.keys[0].id, own.keys[0].cose)
    await tell(approval, government, office)
    [line_id] = await lines(approval, 1)
    wanted = item(line_id)
    await decide(approval, wanted, await signed(approval, [wanted], own))
    assert broken(await proof_of(approval.parts.worker.pool, line_id, 2)) == []


async def test_every_kept_value_counts(registered, own) -> None:
    [line_id, other] = await lines(registered, 2)
    items = [item(line_id), item(other)]
    assertion = await signed(registered, items, own)
    await registered.call("DecideInBulk", pb.DecideInBulkRequest(items=items, action=1, assertion=assertion))
    owner = await asyncpg.connect(registered.database.url("owner"))
    bent = {
        "decided_version": ("decided_version - 1", "leaf"),
        "manifest_hash": ("sha256(manifest_hash)", "leaf"),
        "action": ("'return'", "leaf"),
        "opinion_hash": ("sha256(opinion_hash)", "leaf"),
        "return_to": ("return_to + 1", "leaf"),
        "acting_for": ("'another'", "leaf"),
        "path": ("sha256(path)", "path"),
        "leaf_index": ("1 - leaf_index", "path"),
        "public_key": ("substr(public_key, 1, length(public_key) - 1) || '\\x00'::bytea", "signature"),
        "rp_id": ("'elsewhere'", "signature"),
        "passkey_id": ("'another'", "passkey"),
    }
    try:
        for column, (change, wrong) in bent.items():
            transaction = owner.transaction()
            await transaction.start()
            await owner.execute(f"UPDATE step_proof SET {column} = {change} WHERE line_id = $1", line_id)
            assert wrong in broken(await proof_of(owner, line_id, 2)), column
            await transaction.rollback()
    finally:
        await owner.close()


async def test_proofs_only_grow_and_stay_in_their_agency(registered, own) -> None:
    [line_id] = await lines(registered, 1)
    wanted = item(line_id)
    await decide(registered, wanted, await signed(registered, [wanted], own))
    for role in (registered.parts.worker.pool, registered.parts.rpc.pool):
        for statement in ("UPDATE step_proof SET action = 'x'", "DELETE FROM step_proof"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await role.execute(statement)
    with pytest.raises(NotFoundError, match="act-unknown"):
        await proof(registered, line_id, who=person("chief", ABROAD))
    with pytest.raises(NotFoundError, match="act-unknown"):
        await proof(registered, line_id, 7)


async def test_a_proof_is_there_for_those_the_line_concerns(registered, own) -> None:
    [line_id] = await lines(registered, 1)
    await decide(registered, item(line_id), await signed(registered, [item(line_id)], own))
    for who in ("drafter", "chief", person("x", roles=frozenset({"records"}))):
        assert (await proof(registered, line_id, who=who)).proof.official_id == person("chief").official_id
    for who in ("colleague", person("x", roles=frozenset({"approver"}))):
        with pytest.raises(NotFoundError, match="act-unknown"):
            await proof(registered, line_id, who=who)


async def test_what_cannot_be_signed_is_not_prepared(approval) -> None:
    for items, code in (
        ([], "bulk-size"),
        ([item("x")], "id-invalid"),
        ([item(uuid7(), manifest_hash=b"")], "manifest-missing"),
    ):
        with pytest.raises(InvalidError, match=code):
            await prepare(approval, items)
    with pytest.raises(InvalidError, match="action-unknown"):
        await prepare(approval, [item(uuid7())], pb.ACTION_UNSPECIFIED)


async def test_the_command_line_verifies_from_the_rows_alone(registered, own, capsys) -> None:
    line_id, password_only = await lines(registered, 2)
    wanted = item(line_id)
    await decide(registered, wanted, await signed(registered, [wanted], own))
    pool = registered.parts.worker.pool
    assert await verifying.run(pool, [str(line_id), "2"]) == 0
    printed = capsys.readouterr().out
    for part in (str(line_id), "approve", MANIFEST.hex(), person("chief").official_id, own.keys[0].id, "verified"):
        assert part in printed
    assert await verifying.run(pool, [str(password_only), "1"]) == 1
    assert await verifying.run(pool, ["nonsense"]) == 2


async def test_statements_are_the_same_for_1_10_and_100(registered, own, approval_database, frozen_clock) -> None:
    chief, view = person("chief"), registered.parts.directory.view(frozen_clock.now())
    key = own.keys[0]
    signer = Signer(chief.official_id, chief.appointment_id, chief.name, chief.position, "", "", "passkey", HOME)
    seen = {}
    async with counted_pool(approval_database.url("rpc")) as (pool, texts):
        for size in (2, 1, 10, 100):
            ids = await lines(registered, size)
            now = frozen_clock.now()
            items = [
                Item(uuid4().hex, Decision(each, 1, MANIFEST, Action.APPROVE, "", signer, now, 1), place)
                for place, each in enumerate(ids)
            ]
            leaves = [Signed(each, 1, MANIFEST, "approve", opinion_hash("")) for each in ids]
            options = json.loads((await prepare(registered, [item(each) for each in ids])).options_json)
            signature = prove(RelyingParty(), view, chief.official_id, leaves, own.prove(json.dumps(options)))
            assert signature.public_key == key.cose
            texts.clear()
            async with Database(pool, frozen_clock).transaction(agency_id=HOME) as unit:
                await decide_lines(unit, items, chief, LineWatch(), DecisionProofs(view, signature))
            seen[size] = [text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]
    assert seen[1] == seen[10] == seen[100]
    # Lock with the answers given before; in one lines, boxes, answers, proofs, journal with outbox.
    assert len(seen[1]) == 2, seen[1]
    assert await registered.parts.worker.pool.fetchval("SELECT count(*) FROM step_proof") == 113


@pytest.mark.parametrize(
    ("origins", "origin", "taken"),
    [
        (("http://localhost:*",), "http://localhost:8080", True),
        (("http://localhost:*",), "http://localhost", True),
        (("http://localhost:*",), "http://localhost.evil.kr", False),
        (("http://localhost:*",), "http://localhost:1@evil.kr", False),
        (("https://onnara.go.kr",), "https://onnara.go.kr", True),
        (("https://onnara.go.kr",), "https://onnara.go.kr:8443", False),
        (("https://onnara.go.kr:*",), "https://onnara.go.kr:8443", False),
        ((), "https://onnara.go.kr", False),
    ],
)
def test_pages_that_may_ask(origins, origin, taken) -> None:
    assert RelyingParty("x", origins).takes(origin) is taken
