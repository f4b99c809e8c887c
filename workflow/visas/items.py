"""What people do with a checklist's items: receive, verify, reject, waive, take back.

An item of the whole delegation (a petition, a guarantee letter) is one paper: what is done with it in one case is
done in every case of the visit that asks for it. A thing of one traveller that serves several borders (a passport)
reaches them too, as far as the rules there allow: see `sharing`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Invalid, Problem
from workflow.base.events import record
from workflow.base.files import SCANS, Upload, keep_file, release_files
from workflow.visas.due import sync_visit
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.reckoning import Rulebook, bring_up_to_date, chosen_route, failed, rulebook
from workflow.visas.rules import FINISHED, ITEM_ACTS, CaseState, ItemAct, ItemState, item_acts
from workflow.visas.sharing import REACHES, at_other_borders, hand_on, other_borders
from workflow.visits.models import Visit

MAX_SCAN = 15 * 1024 * 1024
DAYS = ("issued", "expires", "covers_from", "covers_to")
DOCUMENT = frozenset({*DAYS, "amount", "currency", "names_all_destinations", "names_escort"})


def receive_item(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, *,
    upload: Upload | None = None, document: Mapping[str, Any] | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """Note that a thing has come, with its file where one may be kept and what is written in it.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: a file for a thing that takes none, or a wrong kind of file.
        TooLarge: the file is over the limit.
        Conflict: the item is already verified or waived.
    """
    expect_version(item, version)
    if upload is not None and not item.takes_file:
        raise Invalid("visas.no-file-here", field="file")
    _may(item, ItemAct.RECEIVE)
    file_id = item.file_id
    if upload is not None:
        kept = keep_file(session, actor, now, upload, allowed=SCANS, limit=MAX_SCAN, visit_id=visit.id)
        file_id = kept.id
    book, others = rulebook(session, now), other_borders(session, item.case)
    _write_down(session, item, document, book, others)
    _act(session, actor, now, visit, item, ItemAct.RECEIVE, file_id=file_id)
    _judge_again(session, actor, now, visit, item, book)
    _reach_other_borders(session, actor, now, visit, item, ItemAct.RECEIVE, book, others)
    sync_visit(session, now, visit)


def verify_item(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, *,
    document: Mapping[str, Any] | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """Note that a thing was looked at and is right.

    Raises:
        Stale: somebody else saved meanwhile.
        Conflict: a check says that it is not right; or it is already verified or waived.
    """
    expect_version(item, version)
    _may(item, ItemAct.VERIFY)
    book, others = rulebook(session, now), other_borders(session, item.case)
    _write_down(session, item, document, book, others)
    _verify(session, actor, now, visit, item, book, others)
    sync_visit(session, now, visit)


def _verify(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, book: Rulebook,
    others: Iterable[VisaCase],
) -> frozenset[int]:  # fmt: skip
    _judge_again(session, actor, now, visit, item, book)
    if _is_wrong(item):
        raise Conflict("visas.check-fails", item={"ru": item.title("ru"), "en": item.title("en")})
    done = _act(session, actor, now, visit, item, ItemAct.VERIFY)
    return done | _reach_other_borders(session, actor, now, visit, item, ItemAct.VERIFY, book, others)


def _is_wrong(item: ChecklistItem) -> bool:
    """Tell whether a check fails that a confirmed rule insists on."""
    wrong = [one for one in item.verdicts if one["result"] == "failed" and one["severity"] == "block"]
    return bool(wrong) and item.case.confirmed


def take_item_on(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, act: ItemAct, book: Rulebook,
    others: Iterable[VisaCase], *, reason: str = "",
) -> frozenset[int]:  # fmt: skip
    """Do one act with a thing among many; whoever does it brings the reminders in line when all are done.

    *others* are the visit's cases, among which the traveller's other borders are found. Gives the keys of all items
    that the act has done: a paper of the whole delegation and one for several borders are done with together.

    Raises:
        Invalid: a reason is missing.
        Conflict: the act does not fit the item's state, or a check says that the thing is not right.
    """
    if act in (ItemAct.REJECT, ItemAct.WAIVE):
        _need(reason)
    _may(item, act)
    if act is ItemAct.VERIFY:
        return _verify(session, actor, now, visit, item, book, others)
    done = _act(session, actor, now, visit, item, act, reason=reason, file_id=item.file_id)
    return done | _reach_other_borders(session, actor, now, visit, item, act, book, others)


def reject_item(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, reason: str, *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Send a thing back with the reason why.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: no reason.
        Conflict: nothing has come yet, or it is waived.
    """
    expect_version(item, version)
    _need(reason)
    _may(item, ItemAct.REJECT)
    _act(session, actor, now, visit, item, ItemAct.REJECT, reason=reason)
    _reach_other_borders(session, actor, now, visit, item, ItemAct.REJECT, rulebook(session, now),
                         other_borders(session, item.case))  # fmt: skip
    sync_visit(session, now, visit)


def waive_item(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, reason: str, *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Do without a thing; who decided so and why is kept.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: no reason.
        Conflict: it is already verified or waived.
    """
    expect_version(item, version)
    _need(reason)
    _may(item, ItemAct.WAIVE)
    _act(session, actor, now, visit, item, ItemAct.WAIVE, reason=reason)
    sync_visit(session, now, visit)


def reopen_item(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, *, version: int | None = None
) -> None:
    """Ask for a thing again that was verified or waived.

    Raises:
        Stale: somebody else saved meanwhile.
        Conflict: it is open already.
    """
    expect_version(item, version)
    _may(item, ItemAct.REOPEN)
    _act(session, actor, now, visit, item, ItemAct.REOPEN)
    sync_visit(session, now, visit)


def _need(reason: str) -> None:
    if not reason.strip():
        raise Invalid("visas.reason-missing", field="reason")


def _may(item: ChecklistItem, act: ItemAct) -> None:
    if act not in item_acts(item.state) or not item.wanted:
        raise Conflict("visas.item-not-now")


def _same(session: Session, item: ChecklistItem) -> list[ChecklistItem]:
    """Give the item, and for a paper of the whole delegation the same one in the visit's other cases."""
    if item.scope != "delegation":
        return [item]
    others = session.scalars(
        select(ChecklistItem)
        .join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .where(
            VisaCase.visit_id == item.case.visit_id,
            VisaCase.destination == item.case.destination,
            VisaCase.state != CaseState.WITHDRAWN,
            ChecklistItem.code == item.code,
            ChecklistItem.rule_id == item.rule_id,
            ChecklistItem.scope == "delegation",
            ChecklistItem.wanted,
            ChecklistItem.id != item.id,
        )
    )
    return [item, *others]


def _write_down(
    session: Session, item: ChecklistItem, document: Mapping[str, Any] | None, book: Rulebook,
    others: Iterable[VisaCase],
) -> None:  # fmt: skip
    """Keep what is written in a paper with every item that this one paper serves."""
    if document is None:
        return
    served = [one for one in at_other_borders(item, others, book) if ItemState(one.state) not in FINISHED]
    for one in (*_same(session, item), *served):
        one.document = _clean(document)


def _reach_other_borders(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, act: ItemAct, book: Rulebook,
    others: Iterable[VisaCase],
) -> frozenset[int]:  # fmt: skip
    """Do for the traveller's other borders what was done with a thing that serves them too; give the items it did.

    A border whose check fails gets it as received: it is there, and a person looks.
    """
    if act not in REACHES:
        return frozenset()
    replaced, done = set(), set()
    for other in at_other_borders(item, others, book):
        if ItemState(other.state) not in REACHES[act]:
            continue
        if act is ItemAct.VERIFY:
            _judge_again(session, actor, now, visit, other, book)
        to = ItemState.RECEIVED if act is ItemAct.VERIFY and _is_wrong(other) else ITEM_ACTS[act][1]
        replaced.add(hand_on(session, actor, now, item, other, to))
        if to == ITEM_ACTS[act][1]:
            done.add(other.id)
        if act is ItemAct.RECEIVE:
            _judge_again(session, actor, now, visit, other, book)
    if files := {file_id for file_id in replaced if file_id is not None}:
        release_files(session, files)
    return frozenset(done)


def _act(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, act: ItemAct, *,
    reason: str = "", file_id: int | None = None,
) -> frozenset[int]:  # fmt: skip
    """Do an act with an item and with what is one paper with it; give the keys of those it fitted."""
    before = item.state
    from_, to = ITEM_ACTS[act]
    replaced, done = set(), set()
    for one in _same(session, item):
        if ItemState(one.state) not in from_:
            continue
        done.add(one.id)
        one.state, one.reason = to, reason.strip()[:500]
        one.acted_by, one.acted_at = actor.account_id, now
        if act is ItemAct.RECEIVE:
            replaced |= {one.file_id} if one.file_id is not None and one.file_id != file_id else set()
            one.file_id = file_id
    if replaced:
        release_files(session, replaced)
    record(
        session, actor, now, f"visas.item.{to.value}", subject=item, visit_id=visit.id,
        changes={"state": (before, to.value), "item": (None, item.code)}, note=reason,
        personal=["file"] if file_id else [],
    )  # fmt: skip
    return frozenset(done)


def _judge_again(
    session: Session, actor: Actor, now: datetime, visit: Visit, item: ChecklistItem, book: Rulebook
) -> None:
    """Bring the checks up to date with what was just written down of the document."""
    route = chosen_route(item.case, visit, book)
    if route is not None:
        before = failed(item.verdicts or [])
        bring_up_to_date(item.case, route, visit)
        if failed(item.verdicts) - before:
            record(session, actor, now, "visas.item.check-failed", subject=item, visit_id=visit.id,
                   changes={"item": (None, item.code)})  # fmt: skip


def _clean(document: Mapping[str, Any]) -> dict[str, Any]:
    problems = []
    kept: dict[str, Any] = {}
    for name, value in document.items():
        if name not in DOCUMENT or value is None or value == "":
            continue
        kept[name] = value.isoformat() if isinstance(value, date) else value
    starts, ends = kept.get("covers_from"), kept.get("covers_to")
    if starts and ends and ends < starts:
        problems.append(Problem("covers_to", "visas.validity-swapped"))
    if problems:
        raise Invalid(problems=problems)
    return kept
