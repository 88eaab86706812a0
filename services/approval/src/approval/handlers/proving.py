"""Decisions proven by passkey: one signature over all of a call, checked once, kept with each decision that it covers.

items of a call and the browser's answer -> ``prove`` -> ``Proofs``, asked for each decision -> rows of ``step_proof``, written
with the decisions in one statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from approval.domain import proofs
from approval.domain.deciding import Decision
from approval.domain.line import Line
from approval.domain.proofs import KeptProof, Signed
from approval.domain.step import Role, Step
from approval.ports import passkeys
from approval.ports.directory import View
from approval.ports.passkeys import RelyingParty
from approval.ports.people import Passkey
from approval.tables import STEP_PROOF
from chassis.errors import ForbiddenError
from chassis.uow import UnitOfWork

PASSKEY = "passkey"
PROVEN = "행정업무규정 10"
_FIELD = "assertion.credential_json"


@dataclass(frozen=True, slots=True)
class Signature:
    """A verified signature of one official over the root of some decisions."""

    leaves: tuple[bytes, ...]
    paths: tuple[tuple[bytes, ...], ...]
    root: bytes
    credential_json: str
    passkey_id: str
    public_key: bytes
    rp_id: str
    official_id: str


def prove(
    party: RelyingParty, view: View, official_id: str, items: Sequence[Signed], credential_json: str
) -> Signature:
    """The signature over all items, in their order. items: exactly those of the call, also such as will be refused.

    Raises ForbiddenError passkey-proof-invalid: another's key, one that was taken back, other items, another page.
    """
    try:
        leaves = tuple(proofs.leaf(item) for item in items)
        root = proofs.root(leaves)
        key = _verified(party, view, official_id, root, credential_json)
    except ValueError as error:
        raise ForbiddenError("passkey-proof-invalid", field=_FIELD, source=PROVEN) from error
    paths = tuple(proofs.paths(leaves))
    return Signature(leaves, paths, root, credential_json, key.passkey_id, key.public_key, party.rp_id, official_id)


def _verified(party: RelyingParty, view: View, official_id: str, root: bytes, credential_json: str) -> Passkey:
    assertion = passkeys.read(credential_json)
    key = view.passkey(assertion.passkey_id)
    # Our screens are never shown inside other sites, so an answer from there was lured out of somebody.
    if key is None or key.official_id != official_id or assertion.embedded or not party.takes(assertion.origin):
        raise ValueError("not taken")
    passkeys.verify(assertion, party.rp_id, root, key.public_key)
    return key


def required_strength(view: View, agency_id: str, kind: int, task_code: str) -> str:
    """How decisions of a line must be proven: the stronger of what agency and rule require; empty: nothing is said."""
    rule = view.rule_for(agency_id, kind, task_code)
    return strongest(view.decision_strength(agency_id), rule.strength if rule else "")


def step_strength(view: View, line: Line, step: Step) -> str:
    """How an approval of a step must be proven: deciding needs what line and deciding agency require, the rest nothing.

    On a joint draft each agency may want more for its own head's decision than the one that leads (공동기안).
    """
    if step.role is not Role.DECIDE:
        return ""
    required = required_strength(view, line.agency_id, line.kind, line.task_code)
    return strongest(required, view.decision_strength(step.agency_id or line.agency_id))


def strongest(*strengths: str) -> str:
    """The strongest of some strengths."""
    return max(strengths, key=_ORDER.index, default="")


_ORDER = ("", "password", PASSKEY)


@dataclass(frozen=True, slots=True)
class DecisionProofs:
    """Asked for each decision of one call. signature: None when the caller sent none."""

    view: View
    signature: Signature | None = None

    def strength(self, signed_in: str) -> str:
        """How the acts of the call are proven. signed_in: strength of the sign-in, all there is without a signature."""
        return PASSKEY if self.signature else signed_in

    def missing(self, line: Line, order: int, decision: Decision) -> ForbiddenError | None:
        """Why an act may not stand: deciding finally needs a passkey where agency or rule want it.

        line: before or after the act. order: of the step that is acted on.
        """
        if self.signature or decision.action.value != "approve":
            return None
        step = next((step for step in line.steps if step.order == order), None)
        if step is None or step_strength(self.view, line, step) != PASSKEY:
            return None
        return ForbiddenError("passkey-needed", params={"title": line.title}, field="assertion", source=PROVEN)

    def keep(self, unit: UnitOfWork, index: int, after: Line, decision: Decision) -> None:
        """Keeps the proof of an act that was carried out. index: of its item in the call. after: the line after it."""
        signature = self.signature
        if signature is None:
            return
        row = {
            "line_id": after.id,
            "version": after.version,
            "agency_id": after.agency_id,
            "decided_version": decision.expected_version,
            "manifest_hash": decision.manifest_hash,
            "action": decision.action.value,
            "opinion_hash": proofs.opinion_hash(decision.opinion),
            "return_to": decision.return_to,
            "acting_for": decision.acting_for,
            "leaf": signature.leaves[index],
            "leaf_index": index,
            "leaf_count": len(signature.leaves),
            "path": b"".join(signature.paths[index]),
            "root": signature.root,
            "credential_json": signature.credential_json,
            "passkey_id": signature.passkey_id,
            "public_key": signature.public_key,
            "rp_id": signature.rp_id,
            "official_id": signature.official_id,
            "signed_at": unit.now,
        }
        unit.insert(STEP_PROOF, row)


def broken(kept: KeptProof) -> list[str]:
    """What does not hold of a kept proof, by name; empty: all of it holds. Needs nothing but the row."""
    found = []
    if proofs.leaf(kept.signed) != kept.leaf:
        found.append("leaf")
    if not proofs.verify_path(kept.leaf, kept.leaf_index, kept.leaf_count, kept.path, kept.root):
        found.append("path")
    try:
        assertion = passkeys.read(kept.credential_json)
        if assertion.passkey_id != kept.passkey_id:
            found.append("passkey")
        passkeys.verify(assertion, kept.rp_id, kept.root, kept.public_key)
    except ValueError:
        found.append("signature")
    return found
