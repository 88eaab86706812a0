"""``python -m approval verify LINE VERSION``: verifies the kept proof of an act again, from the stored rows alone.

step_proof and journal -> leaf, path, signature and history computed anew -> what holds and what does not, one line each.
"""

import sys
from collections.abc import Sequence
from uuid import UUID

from approval.domain.proofs import KeptProof
from approval.handlers.proving import broken
from approval.queries.proofs import is_recorded, proof_of
from chassis import db

_CHECKS = {
    "leaf": "the leaf is made of line, version, manifest, action, opinion and whom it is for",
    "path": "the leaf leads to the root",
    "passkey": "the answer names the kept passkey",
    "signature": "the passkey signed the root, its owner present and verified",
    "history": "the journal tells the same of official, manifest, action, opinion and whom it is for",
}


async def run(pool: db.Pool, arguments: Sequence[str]) -> int:
    """Carries out one command: 0 all of it holds, 1 something does not or nothing was signed, 2 not understood."""
    try:
        line, version = arguments
        line_id, number = UUID(line), int(version)
    except ValueError:
        sys.stderr.write("approval: verify LINE VERSION, the version after the act\n")
        return 2
    kept = await proof_of(pool, line_id, number)
    if kept is None:
        sys.stdout.write(f"no proof is kept for version {number} of {line_id}\n")
        return 1
    wrong = broken(kept)
    if not await is_recorded(pool, kept):
        wrong.append("history")
    sys.stdout.write("\n".join(_told(kept, wrong)) + "\n")
    return 1 if wrong else 0


def _told(kept: KeptProof, wrong: Sequence[str]) -> list[str]:
    facts = {
        "line": str(kept.line_id),
        "version": f"{kept.decided_version} -> {kept.version}",
        "manifest": kept.manifest_hash.hex(),
        "action": kept.action,
        "opinion": kept.opinion_hash.hex(),
        "return to": str(kept.return_to or "-"),
        "acting for": kept.acting_for or "-",
        "official": kept.official_id,
        "passkey": kept.passkey_id,
        "pages": kept.rp_id,
        "signed at": kept.signed_at.isoformat(),
        "place": f"{kept.leaf_index + 1} of {kept.leaf_count}",
        "root": kept.root.hex(),
    }
    checks = [f"{'WRONG' if name in wrong else 'ok':10} {meaning}" for name, meaning in _CHECKS.items()]
    return [*(f"{name:10} {value}" for name, value in facts.items()), *checks, "not verified" if wrong else "verified"]
