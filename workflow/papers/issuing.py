"""What people do with a paper once it is approved: number, sign, send, supersede, revoke."""

from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from workflow.base.actor import SYSTEM, Actor
from workflow.base.clock import local_date
from workflow.base.database import advance
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.base.files import SCANS, Upload, keep_file
from workflow.mail.models import Mail, MailState
from workflow.mail.service import Recipient, queue_worded_mail, withdraw_mail
from workflow.office.queries import our_zone
from workflow.office.rules import GivenAt
from workflow.papers import editions
from workflow.papers.approving import ask_for_layout
from workflow.papers.editions import Kind
from workflow.papers.models import Dispatch, Paper, PaperText
from workflow.papers.numbering import Numbering, give_number, numbers_at
from workflow.papers.queries import replacement_of
from workflow.papers.rules import ISSUED, How, NumberSource, PaperAct, PaperState, refusal
from workflow.papers.service import move, open_paper
from workflow.visits.calendar_event import keep_event
from workflow.visits.models import Visit
from workflow.visits.service import note_told

MAIL_KIND = "paper_letter"
SCAN_LIMIT = 25 * 1024 * 1024
NEVER_BEFORE = timedelta(days=366)


def number_paper(
    session: Session, actor: Actor, now: datetime, paper_id: int, numbering: Numbering, *, version: int | None = None
) -> Paper:
    """Give an approved paper its number; one already signed keeps its files, for the number stands on it in ink.

    Raises:
        Conflict: it has one, or is not approved.
        Invalid: what was typed cannot be a number or date.
    """
    paper, kind = open_paper(session, actor, paper_id, PaperAct.NUMBER, version=version)
    if not kind.numbered:
        raise Conflict("papers.never-numbered")
    if numbers_at(session, paper, kind) is GivenAt.SIGNATURE and paper.state == PaperState.APPROVED:
        raise Conflict("papers.number-at-signature", field="source")
    give_number(session, actor, now, paper, kind, numbering)
    if paper.state == PaperState.APPROVED:
        ask_for_layout(session, actor, now, paper)
    return paper


def _past_day(session: Session, day: date | None, now: datetime, paper: Paper, field: str) -> date:
    zone = our_zone(session)
    today = local_date(now, zone)
    chosen = day or today
    approved = local_date(paper.approved_at, zone) if paper.approved_at else today
    if chosen > today:
        raise Invalid("papers.day-ahead", field=field)
    if chosen < approved - NEVER_BEFORE:
        raise Invalid("papers.date-implausible", field=field)
    return chosen


def record_signed(
    session: Session,
    actor: Actor,
    now: datetime,
    paper_id: int,
    *,
    signed_on: date | None = None,
    scan: Upload | None = None,
    numbering: Numbering | None = None,
    version: int | None = None,
) -> Paper:
    """Record that a paper was signed, with its scan if there is one; from here on its words never change.

    A paper that it replaces is superseded now. Where the series gives numbers at signature, it has one now: *numbering*
    as it stands on the paper in ink, else the next of our own.

    Raises:
        Conflict: it is not approved, signed already, or being signed electronically.
        Invalid, TooLarge: the scan is no PDF, PNG or JPEG, or too large; the day lies ahead.
    """
    paper, kind = open_paper(session, actor, paper_id, PaperAct.SIGN, version=version)
    if paper.signature is not None:
        raise Conflict("papers.being-signed")
    day = _past_day(session, signed_on, now, paper, "signed_on")
    number_at_signature(session, actor, now, paper, kind, numbering or Numbering(NumberSource.OWN, dated=day))
    if not kind.numbered and not paper.dated:
        paper.dated = day
    move(session, paper, PaperAct.SIGN, signed_on=day)
    if scan is not None:
        _keep_scan(session, actor, now, paper, scan)
    record(session, actor, now, "papers.paper.signed", subject=paper, visit_id=paper.visit_id,
           changes={"signed_on": (None, day), "kind": (None, paper.kind)})  # fmt: skip
    supersede_older(session, actor, now, paper)
    return paper


def number_at_signature(
    session: Session, actor: Actor, now: datetime, paper: Paper, kind: Kind, numbering: Numbering
) -> None:
    """Give a paper its number as it is signed, when its series says so and it has none."""
    if kind.numbered and not paper.number and numbers_at(session, paper, kind) is GivenAt.SIGNATURE:
        give_number(session, actor, now, paper, kind, numbering)


def supersede_older(session: Session, actor: Actor, now: datetime, paper: Paper) -> None:
    """Take the paper that this one replaces out of force, now that this one is signed."""
    if paper.supersedes_id is not None:
        done = advance(
            session,
            Paper,
            paper.supersedes_id,
            from_=[state.value for state in (PaperState.APPROVED, *sorted(ISSUED))],
            to=PaperState.SUPERSEDED.value,
        )
        if done:
            record(session, actor, now, "papers.paper.superseded", subject=("paper", paper.supersedes_id),
                   visit_id=paper.visit_id, changes={"by": (None, paper.id)})  # fmt: skip


def add_scan(
    session: Session, actor: Actor, now: datetime, paper_id: int, scan: Upload, *, version: int | None = None
) -> Paper:
    """Add the scan of a paper whose signature was recorded without it.

    Raises:
        Conflict: it has one, or is not signed.
        Invalid, TooLarge: see `base.files.check_upload`.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.ADD_SCAN, version=version)
    if paper.scan_file_id is not None:
        raise Conflict("papers.has-scan")
    _keep_scan(session, actor, now, paper, scan)
    record(session, actor, now, "papers.paper.scan-added", subject=paper, visit_id=paper.visit_id)
    return paper


def _keep_scan(session: Session, actor: Actor, now: datetime, paper: Paper, scan: Upload) -> None:
    kept = keep_file(session, actor, now, scan, allowed=SCANS, limit=SCAN_LIMIT, visit_id=paper.visit_id, field="scan")
    paper.scan_file_id = kept.id


def _ready_to_send(session: Session, actor: Actor, paper_id: int, version: int | None) -> Paper:
    paper, kind = open_paper(session, actor, paper_id, PaperAct.SEND, version=version)
    if kind.numbered and not paper.number:
        raise Conflict("papers.not-numbered-yet")
    return paper


def record_sent(
    session: Session,
    actor: Actor,
    now: datetime,
    paper_id: int,
    how: How,
    *,
    to_whom: str,
    sent_on: date | None = None,
    note: str = "",
    version: int | None = None,
) -> Dispatch:
    """Record that a signed paper went out by hand, post or another system.

    Raises:
        Conflict: it is not signed, or has no number.
        Invalid: nobody is named, or the day lies ahead.
    """
    paper = _ready_to_send(session, actor, paper_id, version)
    whom = " ".join(to_whom.split())
    if not whom:
        raise Invalid("base.required", field="to_whom")
    if len(whom) > 300:
        raise Invalid("base.too-long", field="to_whom", limit=300)
    day = _past_day(session, sent_on, now, paper, "sent_on")
    dispatch = Dispatch(
        paper_id=paper.id, how=how, to_whom=whom, sent_on=day, note=" ".join(note.split())[:500], recorded_at=now,
        recorded_by=actor.account_id,
    )  # fmt: skip
    paper.dispatches.append(dispatch)
    session.flush()
    _went_out(session, actor, now, paper, how)
    return dispatch


def _went_out(session: Session, actor: Actor, now: datetime, paper: Paper, how: str) -> None:
    advance(session, Paper, paper.id, from_=[state.value for state in ISSUED], to=PaperState.SENT.value)
    record(session, actor, now, "papers.paper.sent", subject=paper, visit_id=paper.visit_id,
           changes={"how": (None, str(how)), "kind": (None, paper.kind)})  # fmt: skip


def send_by_mail(
    session: Session,
    actor: Actor,
    now: datetime,
    paper_id: int,
    *,
    to_name: str,
    to_address: str,
    text: str,
    subject: str = "",
    language: str = "en",
    version: int | None = None,
) -> Dispatch:
    """Queue a signed paper as an official mail, with its scan and its files; it goes out at most once.

    Without a *subject* the mail says what the paper is and its number, in the recipient's language. The paper is *sent*
    when the server has taken the mail; if the worker dies in mid-send, the mail is uncertain and a
    person decides.

    Raises:
        Conflict: it is not signed, has no number, or its files are not made yet.
        Invalid: the address cannot be one, or there are no words.
    """
    paper = _ready_to_send(session, actor, paper_id, version)
    address = _address(to_address)
    subject = subject.strip() or mail_subject(paper, language)
    for field, value, limit in (("to_name", to_name, 300), ("subject", subject, 300), ("text", text, 20_000)):
        if not value.strip():
            raise Invalid("base.required", field=field)
        if len(value) > limit:
            raise Invalid("base.too-long", field=field, limit=limit)
    files = attachments_of(paper)
    if not files:
        raise Conflict("papers.files-not-ready")
    name = " ".join(to_name.split())
    if carries_event(paper.kind):
        visit = session.get_one(Visit, paper.visit_id)
        files += filter(None, [keep_event(session, now, visit, name=name, address=address, language=language)])
    dispatch = Dispatch(
        paper_id=paper.id, how=How.MAIL, to_whom=f"{name} <{address}>", recorded_at=now, recorded_by=actor.account_id
    )
    paper.dispatches.append(dispatch)
    flag_modified(paper, "state")  # a new version: the same form sent twice makes one mail
    session.flush()
    mail = queue_worded_mail(
        session, now, MAIL_KIND, Recipient(address, name, language), subject=subject, text=text.strip() + "\n",
        key=f"paper.{paper.id}.dispatch.{dispatch.id}", visit_id=paper.visit_id, official=True, attachments=files,
        request_id=actor.request_id,
    )  # fmt: skip
    if mail is None:
        raise Conflict("papers.files-not-ready")
    dispatch.mail_id = mail.id
    note_told(session, now, paper.visit_id, name=name, address=address, language=language)
    record(session, actor, now, "papers.paper.mailed", subject=paper, visit_id=paper.visit_id, personal=("to_whom",))
    return dispatch


def mail_subject(paper: Paper, language: str) -> str:
    """What a mail says of the paper that it carries: «Приглашение № 45», "Invitation No. 45"."""
    sign = {"ru": "№"}.get(language, "No.")
    return f"{editions.kind(paper.kind).title(language)} {sign} {paper.number}" if paper.number else (
        editions.kind(paper.kind).title(language))


def carries_event(kind_key: str) -> bool:
    """Say whether the visit goes with such a paper as a calendar event: with invitations and programmes."""
    return editions.kind(kind_key).reply or kind_key.startswith("programme")


def attachments_of(paper: Paper) -> list[int]:
    """The files that go with a mail: the signed scan, and each language as laid out."""
    files = [paper.scan_file_id] if paper.scan_file_id else []
    return files + [text.pdf_file_id for text in paper.texts if text.pdf_file_id]


def _address(typed: str) -> str:
    try:
        return validate_email(typed.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Invalid("papers.address", field="to_address") from None


def mail_settled(session: Session, mail_id: int, state: MailState, now: datetime) -> None:
    """Hear what became of a letter's mail; only a mail that the server took makes the paper *sent*."""
    dispatch = session.scalars(select(Dispatch).where(Dispatch.mail_id == mail_id)).one_or_none()
    paper = session.get(Paper, dispatch.paper_id) if dispatch else None
    if dispatch is None or paper is None:
        return
    if state is MailState.SENT:
        dispatch.sent_on = local_date(now, our_zone(session))
        if paper.state in ISSUED:
            _went_out(session, SYSTEM, now, paper, How.MAIL)
    else:
        record(session, SYSTEM, now, f"papers.mail.{state.value}", subject=paper, visit_id=paper.visit_id)


def check_mail_again(session: Session, mail_id: int) -> None:
    """Refuse to hand a letter's mail over again where that would send it wrongly; nothing to say of other mails.

    Raises:
        Conflict: the paper was revoked or replaced meanwhile, or went to the same address by a later mail.
    """
    dispatch = session.scalars(select(Dispatch).where(Dispatch.mail_id == mail_id)).one_or_none()
    if dispatch is None:
        return
    paper = session.get_one(Paper, dispatch.paper_id)
    code = refusal(PaperState(paper.state), PaperAct.SEND)
    if code:
        raise Conflict(code)
    address = dispatch.to_whom.rpartition("<")[2].casefold()
    later = [each.mail_id for each in paper.dispatches
             if each.id > dispatch.id and each.to_whom.rpartition("<")[2].casefold() == address]  # fmt: skip
    gone = select(Mail.id).where(Mail.id.in_(later), Mail.state.not_in((MailState.FAILED, MailState.WITHDRAWN)))
    if session.scalar(gone.limit(1)) is not None:
        raise Conflict("papers.mailed-since")


def supersede_paper(session: Session, actor: Actor, now: datetime, paper_id: int) -> Paper:
    """Begin the paper that is to replace an approved, signed or sent one: a draft with the same words.

    The old one stays in force until the new one is signed.

    Raises:
        Conflict: it is a draft still, has ended, or is being replaced already.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.SUPERSEDE)
    if replacement_of(session, paper.id) is not None:
        raise Conflict("papers.being-replaced")
    newer = Paper(
        visit_id=paper.visit_id, kind=paper.kind, issuing_body_id=paper.issuing_body_id,
        about_kind=paper.about_kind, about_id=paper.about_id, state=PaperState.DRAFT, subject=paper.subject,
        created_at=now, created_by=actor.account_id, supersedes_id=paper.id, facts_hash=paper.facts_hash,
        told=paper.told if paper.told is not None else paper.facts,
    )  # fmt: skip
    newer.texts = [PaperText(language=text.language, text=text.text) for text in paper.texts]
    session.add(newer)
    session.flush()
    record(session, actor, now, "papers.paper.drafted", subject=newer, visit_id=paper.visit_id,
           changes={"kind": (None, paper.kind), "supersedes": (None, paper.id)})  # fmt: skip
    return newer


def revoke_paper(
    session: Session, actor: Actor, now: datetime, paper_id: int, reason: str, *, version: int | None = None
) -> Paper:
    """Revoke an approved, signed or sent paper; its number stays in the register, annulled, and no mail of it leaves.

    Raises:
        Forbidden: the actor does not approve papers.
        Invalid: no reason.
        Conflict: it is a draft still, or has ended.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.REVOKE, version=version)
    words = reason.strip()
    if not words:
        raise Invalid("papers.reason-required", field="reason")
    if len(words) > 2000:
        raise Invalid("base.too-long", field="reason", limit=2000)
    move(session, paper, PaperAct.REVOKE, reason=words)
    for dispatch in paper.dispatches:
        if dispatch.mail_id is not None:
            withdraw_mail(session, now, dispatch.mail_id)
    record(session, actor, now, "papers.paper.revoked", subject=paper, visit_id=paper.visit_id, note=words)
    return paper
