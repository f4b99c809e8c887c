"""One act for many travellers at once: whom it fits it is done for, whom it does not fit is told with the reason."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.errors import Conflict, DomainError, Invalid
from workflow.visas.due import sync_visit
from workflow.visas.holding import pass_on
from workflow.visas.items import take_item_on
from workflow.visas.models import VisaCase
from workflow.visas.opening import load_cases
from workflow.visas.reckoning import rulebook
from workflow.visas.rules import Holder, ItemAct
from workflow.visits.models import Visit


@dataclass(frozen=True)
class Left:
    """A traveller for whom an act was not done, and why."""

    case: VisaCase
    error: DomainError


@dataclass(frozen=True)
class Done:
    """What an act did."""

    cases: Sequence[VisaCase]
    left: Sequence[Left]


def act_on_items(
    session: Session, actor: Actor, now: datetime, visit: Visit, case_ids: Sequence[int], code: str, act: ItemAct, *,
    reason: str = "",
) -> Done:  # fmt: skip
    """Take one thing of many travellers on: received, verified, sent back, waived, or asked for again.

    Raises:
        Invalid: nobody is ticked, or a reason is missing.
    """
    if act in (ItemAct.REJECT, ItemAct.WAIVE) and not reason.strip():
        raise Invalid("visas.reason-missing", field="reason")
    book, done = rulebook(session, now), set[int]()
    borders = defaultdict[int, list[VisaCase]](list)
    cases = load_cases(session, visit.id)
    for case in cases:
        borders[case.member_id].append(case)

    def one(case: VisaCase) -> None:
        item = next((item for item in case.items if item.code == code and item.wanted), None)
        if item is None:
            raise Conflict("visas.item-not-asked")
        if item.id not in done:  # else it is one paper with that of a case ticked before it
            done.update(take_item_on(session, actor, now, visit, item, act, book, borders[case.member_id],
                                     reason=reason))  # fmt: skip

    return _each(session, now, visit, cases, case_ids, one)


def hand_over(
    session: Session, actor: Actor, now: datetime, visit: Visit, case_ids: Sequence[int], holder: Holder, *,
    note: str = "",
) -> Done:  # fmt: skip
    """Record for many travellers who has their cases in hand now.

    Raises:
        Invalid: nobody is ticked.
    """
    return _each(session, now, visit, load_cases(session, visit.id), case_ids,
                 lambda case: pass_on(session, actor, now, visit, case, holder, note=note))  # fmt: skip


def _each(
    session: Session, now: datetime, visit: Visit, cases: Iterable[VisaCase], case_ids: Collection[int],
    one: Callable[[VisaCase], None],
) -> Done:  # fmt: skip
    ticked = [case for case in cases if case.id in case_ids]
    if not ticked:
        raise Invalid("visas.nobody-ticked", field="case_ids")
    done: list[VisaCase] = []
    left: list[Left] = []
    for case in ticked:
        try:
            one(case)
            done.append(case)
        except (Conflict, Invalid) as error:
            left.append(Left(case, error))
    sync_visit(session, now, visit)
    return Done(done, left)
