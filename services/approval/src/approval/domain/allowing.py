"""What somebody may do with a line now, for those who show it; by the same table that acts are judged by."""

from dataclasses import dataclass

from approval.domain import machine
from approval.domain.changing import may_change
from approval.domain.deciding import Action
from approval.domain.line import Line
from approval.domain.machine import Act, Place
from approval.domain.people import Signer, own_turn, relations
from approval.domain.step import Role
from approval.domain.withdrawing import may_withdraw

_ON_TURN = (Action.APPROVE, Action.DISAGREE, Action.RETURN, Action.HOLD, Action.RESUME)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Actions in the order of the contract. acting_for: official they would be done for; empty: for oneself.

    decides: the turn is a decision, which agencies and rules may want proven.
    """

    actions: tuple[Action, ...] = ()
    may_change: bool = False
    acting_for: str = ""
    decides: bool = False


NOTHING = Allowed()


def allowed(line: Line, signer: Signer) -> Allowed:
    """What the signer may do."""
    if line.is_closed or not signer.official_id:
        return NOTHING
    actions: list[Action] = []
    acting_for, decides = "", False
    own = own_turn(line, signer)
    if own:
        turn, acting_for = own
        place = machine.place_of(line.steps, turn)
        actions = [action for action in _ON_TURN if machine.row(Act(action.value), line.status, place)]
        decides = turn.step.role is Role.DECIDE
    if may_withdraw(line, signer):
        actions.append(Action.WITHDRAW)
    if machine.permitted(Act.STOP, line.status, Place.NOWHERE, relations(line, signer)):
        actions.append(Action.STOP)
    return Allowed(tuple(actions), may_change(line, signer), acting_for, decides)
