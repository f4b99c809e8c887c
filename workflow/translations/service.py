"""What people do with an open assignment: claim, give back, hand in, return, accept, release, cancel.

Each step is one conditional UPDATE. Of two who act at once, one does and the other is told who did and when.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from workflow.accounts.queries import person
from workflow.base.actor import Actor, ActorKind, Permission, Role
from workflow.base.database import advance, expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import record
from workflow.base.files import OFFICE_FILES, StoredFile, Upload, keep_file, read_file
from workflow.translations import mails, rules
from workflow.translations.dues import sync_dues
from workflow.translations.models import Assignment, AssignmentRemark, TranslatorPair
from workflow.translations.ordering import MAX_FILE, check_live, checked, refused_now
from workflow.translations.queries import get_assignment, my_pairs, standing
from workflow.translations.rules import AssignmentState, Verb
from workflow.visits.rules import Capacity
from workflow.visits.service import end_access, grant_access

RESULTS = OFFICE_FILES


def claim_assignment(session: Session, actor: Actor, now: datetime, assignment_id: int) -> Assignment:
    """Take an open assignment: one conditional UPDATE, so that of many who try one has it.

    Raises:
        NotFound: there is none, or never was for this actor.
        Forbidden: the actor does not translate.
        Conflict: another has it (who, since when), it is not open, or its languages are not the actor's.
    """
    if not actor.may(Permission.TRANSLATIONS_TAKE) or actor.account_id is None:
        raise Forbidden
    row = _to_claim(session, actor, assignment_id)
    if row.reviser_id == actor.account_id:
        raise Conflict("translations.you-revise")
    if row.state == AssignmentState.OPEN:
        check_live(session, row)
    if not advance(session, Assignment, row.id, from_=rules.sources(Verb.CLAIM), to=AssignmentState.CLAIMED,
                   translator_id=actor.account_id, claimed_at=now):
        raise refused_now(session, row, Verb.CLAIM)
    grant_access(session, now, row.visit_id, actor.account_id, Capacity.TRANSLATOR, reason=_reason(row))
    _record(session, actor, now, row, "translations.assignment.claimed", AssignmentState.OPEN)
    sync_dues(session, now, row.visit_id)
    return row


def _to_claim(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Load what may be claimed, or could have been a moment ago: the one who comes late reads who was faster."""
    row = session.get(Assignment, assignment_id, populate_existing=True)
    if row is None:
        raise NotFound("assignment")
    how = standing(actor, row, my_pairs(session, actor))
    if AssignmentState(row.state) not in (AssignmentState.OPEN, *rules.HELD) or not how.fits:
        row = checked(session, actor, assignment_id, Verb.CLAIM)
    return row


def give_back_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, *, reason: str, version: int | None = None
) -> Assignment:
    """Let go of an assignment, or take it from its translator: it is open again and their access ends at once.

    Raises:
        NotFound, Forbidden, Conflict: as `ordering.checked` says.
        Invalid: no reason was given.
    """
    row = checked(session, actor, assignment_id, Verb.GIVE_BACK)
    expect_version(row, version)
    _say(session, actor, now, row, Verb.GIVE_BACK, reason, needed=True)
    before, holder = row.state, row.translator_id
    _step(session, row, Verb.GIVE_BACK, translator_id=None, claimed_at=None, returned_at=None)
    _end_access(session, now, row)
    _record(session, actor, now, row, "translations.assignment.given_back", before)
    if holder is not None and holder != actor.account_id:
        mails.tell_taken_away(session, actor, now, row, holder)
    mails.tell_open(session, actor, now, row)
    sync_dues(session, now, row.visit_id)
    return row


def submit_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, upload: Upload | None, *, remark: str = "",
    version: int | None = None, limit: int = MAX_FILE,
) -> Assignment:
    """Hand in the translation.

    Raises:
        NotFound, Forbidden, Conflict: as `ordering.checked` says.
        Invalid, TooLarge: no file, or one that cannot be taken.
    """
    row = checked(session, actor, assignment_id, Verb.SUBMIT)
    expect_version(row, version)
    if upload is None:
        raise Invalid("translations.file-missing", field="result_file")
    file = keep_file(session, actor, now, upload, allowed=RESULTS, limit=limit, visit_id=row.visit_id,
                     field="result_file")
    if file.sha256 == row.counted_from_sha:
        raise Invalid("translations.same-as-source", field="result_file")
    before = row.state
    _say(session, actor, now, row, Verb.SUBMIT, remark, file=file)
    _step(session, row, Verb.SUBMIT, result_file_id=file.id, submitted_at=now)
    _record(session, actor, now, row, "translations.assignment.submitted", before)
    mails.tell_submitted(session, actor, now, row)
    sync_dues(session, now, row.visit_id)
    return row


def return_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, *, remark: str, version: int | None = None
) -> Assignment:
    """Give a translation back to its translator with remarks; done by a second person.

    Raises:
        NotFound, Forbidden, Conflict: as `ordering.checked` says; `translations.own-work` to the translator.
        Invalid: no remarks.
    """
    row = checked(session, actor, assignment_id, Verb.RETURN)
    expect_version(row, version)
    _say(session, actor, now, row, Verb.RETURN, remark, needed=True)
    _step(session, row, Verb.RETURN, returned_at=now, return_count=Assignment.return_count + 1)
    _record(session, actor, now, row, "translations.assignment.returned", AssignmentState.SUBMITTED)
    mails.tell_returned(session, actor, now, row)
    sync_dues(session, now, row.visit_id)
    return row


def accept_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, *, without_revision: bool = False,
    remark: str = "", version: int | None = None,
) -> Assignment:
    """Answer for a translation as the second person who has read it; or, lacking one, as manager *without_revision*.

    Raises:
        NotFound, Forbidden, Conflict: as `ordering.checked` says; `translations.own-work` to the translator, and
            `translations.manager-only` to others than managers who accept without revision.
    """
    row = checked(session, actor, assignment_id, Verb.ACCEPT)
    expect_version(row, version)
    if without_revision and not (actor.kind is ActorKind.SYSTEM or Role.MANAGER in actor.roles):
        raise Conflict("translations.manager-only", field="without_revision")
    _say(session, actor, now, row, Verb.ACCEPT, remark)
    _step(session, row, Verb.ACCEPT, accepted_at=now, accepted_by_id=actor.account_id, revised=not without_revision)
    record(session, actor, now, "translations.assignment.accepted", subject=row, visit_id=row.visit_id,
           changes={"state": (AssignmentState.SUBMITTED, row.state), "revised": (None, row.revised)})
    mails.tell_accepted(session, actor, now, row)
    sync_dues(session, now, row.visit_id)
    return row


def release_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, *, version: int | None = None
) -> Assignment:
    """Record that the accepted text was handed over to the one who uses it.

    Raises:
        NotFound, Forbidden, Conflict: as `ordering.checked` says.
    """
    row = checked(session, actor, assignment_id, Verb.RELEASE)
    expect_version(row, version)
    _step(session, row, Verb.RELEASE, released_at=now, released_by_id=actor.account_id)
    _record(session, actor, now, row, "translations.assignment.released", AssignmentState.ACCEPTED)
    return row


def cancel_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, *, reason: str, version: int | None = None
) -> Assignment:
    """Call an assignment off; its translator is told and sees it no longer.

    Raises:
        NotFound, Forbidden, Conflict: as `ordering.checked` says.
        Invalid: no reason was given.
    """
    row = checked(session, actor, assignment_id, Verb.CANCEL)
    expect_version(row, version)
    _say(session, actor, now, row, Verb.CANCEL, reason, needed=True)
    before = row.state
    _step(session, row, Verb.CANCEL, cancelled_at=now, cancel_reason=reason.strip()[:1000])
    _end_access(session, now, row)
    _record(session, actor, now, row, "translations.assignment.cancelled", before)
    if row.translator_id is not None:
        mails.tell_taken_away(session, actor, now, row, row.translator_id)
    sync_dues(session, now, row.visit_id)
    return row


def read_source(session: Session, actor: Actor, assignment_id: int) -> tuple[StoredFile, bytes]:
    """Read the text to be translated, for those who may as things stand.

    Raises:
        NotFound: not for this actor now, or there is no file.
    """
    row, how = get_assignment(session, actor, assignment_id)
    if row.source_file_id is None or not rules.may_read_files(AssignmentState(row.state), how):
        raise NotFound("file")
    return read_file(session, row.source_file_id)


def read_result(session: Session, actor: Actor, assignment_id: int) -> tuple[StoredFile, bytes]:
    """Read the translation last handed in: for those who order, its translator and its reviser.

    Raises:
        NotFound: not for this actor now, or there is no file.
    """
    row, how = get_assignment(session, actor, assignment_id)
    if row.result_file_id is None or not (how.orders or how.translator or how.reviser):
        raise NotFound("file")
    return read_file(session, row.result_file_id)


def set_pairs(
    session: Session, actor: Actor, now: datetime, account_id: int, pairs: Sequence[tuple[str, str, bool]]
) -> None:
    """Say in which directions an account translates: (from, into, interprets too). None at all means every direction.

    Raises:
        Forbidden: the actor neither orders translations nor keeps accounts.
        NotFound: there is no such translator.
        Invalid: a language is unknown, or both are the same.
    """
    if not (actor.may(Permission.TRANSLATIONS_ORDER) or actor.may(Permission.ACCOUNTS_EDIT)):
        raise Forbidden
    account = person(session, account_id)
    if account is None or Role.TRANSLATOR not in account.roles:
        raise NotFound("account")
    problems = []
    for source, target, _ in pairs:
        if source not in rules.LANGUAGES or target not in rules.LANGUAGES:
            problems.append(Problem("pairs", "base.not-a-choice"))
        elif source == target:
            problems.append(Problem("pairs", "translations.same-language"))
    if problems:
        raise Invalid(problems=problems)
    wanted = {(source, target): interprets for source, target, interprets in pairs}
    session.execute(delete(TranslatorPair).where(TranslatorPair.account_id == account_id))
    session.add_all(TranslatorPair(account_id=account_id, source=source, target=target, interprets=interprets)
                    for (source, target), interprets in sorted(wanted.items()))
    record(session, actor, now, "translations.pairs.changed", subject=("account", account_id),
           changes={"pairs": (None, [f"{source}-{target}" for source, target in sorted(wanted)])})


def _reason(row: Assignment) -> str:
    return f"assignment:{row.id}"


def _end_access(session: Session, now: datetime, row: Assignment) -> None:
    end_access(session, now, row.visit_id, reason=_reason(row))


def _step(session: Session, row: Assignment, verb: Verb, **values: Any) -> None:
    state = rules.answer(AssignmentState(row.state), verb)
    if not advance(session, Assignment, row.id, from_=[row.state], to=str(state), **values):
        raise refused_now(session, row, verb)


def _say(
    session: Session, actor: Actor, now: datetime, row: Assignment, verb: Verb, text: str, *, needed: bool = False,
    file: StoredFile | None = None,
) -> None:
    said = text.strip()
    if needed and not said:
        raise Invalid("translations.reason-missing" if verb in (Verb.GIVE_BACK, Verb.CANCEL)
                      else "translations.remarks-missing", field="remark")
    if len(said) > 10_000:
        raise Invalid("base.too-long", field="remark", limit=10_000)
    if rules.looks_like_a_passport(said):
        raise Invalid("translations.looks-like-passport", field="remark")
    if said or file is not None:
        session.add(AssignmentRemark(assignment_id=row.id, verb=verb.value, text=said, at=now,
                                     account_id=actor.account_id, file_id=file.id if file else None))


def _record(session: Session, actor: Actor, now: datetime, row: Assignment, kind: str, before: str) -> None:
    record(session, actor, now, kind, subject=row, visit_id=row.visit_id, changes={"state": (before, row.state)})
