"""The nightly purge: each kind by its own term, in batches, each batch a transaction that leaves an event with counts.

Bytes of files go once the transaction that gave them up has committed.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.clock import local_date
from workflow.base.database import Base
from workflow.base.events import record
from workflow.base.files import StoredFile, release_files
from workflow.guests.models import GuestLink, GuestProposal, GuestScan, GuestSession
from workflow.guests.privacy.forgotten import forgotten, tell_forgotten
from workflow.guests.privacy.models import ErasureAct
from workflow.guests.privacy.retention import terms
from workflow.guests.privacy.rules import ERASED_RU, ONLY_CONFIRMED, Kind
from workflow.invitations.models import Invitation
from workflow.mail.models import Mail
from workflow.mail.service import purge_mails
from workflow.office.queries import our_zone
from workflow.papers.batches.models import AnswerLink, BatchRecipient, PaperBatch
from workflow.papers.models import Paper
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import OutgoingState
from workflow.partners.models import PartnerContact
from workflow.people.models import Passport, Person, PersonMerge
from workflow.programme.logistics.models import Transfer
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visits.lists.service import purge_lists
from workflow.visits.models import Member, Told, Visit, VisitRequest
from workflow.visits.rules import LIVE_MEMBER, Standing

BATCH = 200
UNCLAIMED = timedelta(days=1)
OF_JOURNEYS = ("birth_date", "birth_place", "birth_place_latin", "birth_index", "home_address", "home_address_latin",
               "photo_file_id", "diet", "access_needs", "ask_about_health_on", "emergency_name", "emergency_phone")
"""What we keep of a person beside the passports because somebody crosses a border, eats and sleeps with us."""
OVER = (Standing.CLOSED.value, Standing.CANCELLED.value)


def _long_over(session: Session, now: datetime, cutoff: datetime) -> ColumnElement[bool]:
    """Hold for visits whose last day lies before *cutoff*; one that was called off before it had days ended then.

    One that nobody closes ends when it counts as forgotten.
    """
    dated = and_(Visit.departure < local_date(cutoff, our_zone(session)), Visit.standing != Standing.POSTPONED.value)
    undated = and_(Visit.departure.is_(None), Visit.standing.in_(OVER), Visit.closed_at < cutoff)
    return or_(dated, undated, forgotten(session, now))


def _closed(cutoff: datetime) -> ColumnElement[bool]:
    """Hold for visits closed or cancelled before *cutoff*."""
    return and_(Visit.standing.in_(OVER), func.coalesce(Visit.closed_at, Visit.stage_entered_at) < cutoff)


def purge_scans(session: Session, now: datetime, cutoff: datetime) -> int:
    """Take file and document out of things brought for a visa, and scans of guests; states and decisions stay."""
    past = _long_over(session, now, cutoff)
    items = session.scalars(
        select(ChecklistItem).join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .join(Visit, Visit.id == VisaCase.visit_id)
        .where(past, or_(ChecklistItem.file_id.is_not(None), ChecklistItem.purged_at.is_(None))).limit(BATCH)
    ).all()  # fmt: skip
    files = empty_items(items, now)
    told = select(VisaCase.id).join(Visit, Visit.id == VisaCase.visit_id)
    told = told.where(past, VisaCase.earlier_stays.is_not(None)).limit(BATCH)
    session.execute(update(VisaCase).where(VisaCase.id.in_(told)).values(earlier_stays=None)
                    .execution_options(synchronize_session="fetch"))
    scans = session.scalars(
        select(GuestScan).join(Member, Member.id == GuestScan.member_id).join(Visit, Visit.id == Member.visit_id)
        .where(past).limit(BATCH)
    ).all()  # fmt: skip
    for scan in scans:
        files.append(scan.file_id)
        session.delete(scan)
    release_files(session, files)
    return max(len(items), len(scans))


def empty_items(items: Sequence[ChecklistItem], now: datetime) -> list[int]:
    """Take file and document out of things of a checklist; give the files that they held."""
    files = [item.file_id for item in items if item.file_id is not None]
    for item in items:
        item.file_id, item.document, item.purged_at = None, {}, now
    return files


def purge_passports(session: Session, now: datetime, cutoff: datetime) -> int:
    """Take from persons whom no visit has needed for long what only a journey needs: passports and `OF_JOURNEYS`.

    A visit that nobody closed needs them as long as one that was: until its last day is long past, or until it counts
    as forgotten.
    """
    part_in = (Member.person_id == Person.id, Member.visit_id == Visit.id)
    ahead = or_(Visit.standing == Standing.POSTPONED.value,
                and_(Visit.standing == Standing.LIVE.value, Visit.departure.is_(None)))  # fmt: skip
    needed = exists().where(*part_in, Member.state.in_(LIVE_MEMBER), ahead, ~forgotten(session, now))
    day = local_date(cutoff, our_zone(session))
    lately = exists().where(*part_in, or_(Visit.departure >= day, Visit.closed_at >= cutoff))
    held = or_(
        *(getattr(Person, name).is_not(None) for name in OF_JOURNEYS), exists().where(Passport.person_id == Person.id)
    )
    people = session.scalars(
        select(Person).where(held, ~needed, ~lately, Person.created_at < cutoff).order_by(Person.id).limit(BATCH)
    ).all()
    empty_passports(session, people)
    return len(people)


def empty_passports(session: Session, people: Sequence[Person]) -> int:
    """Take passports and `OF_JOURNEYS` from persons; give how many passports went."""
    ids = [person.id for person in people]
    if not ids:
        return 0
    files = [person.photo_file_id for person in people if person.photo_file_id is not None]
    for person in people:
        person.ask_about_health = False
        for name in OF_JOURNEYS:
            setattr(person, name, None)
    passports = session.scalars(select(Passport.id).where(Passport.person_id.in_(ids))).all()
    members = session.scalars(select(Member.id).where(Member.person_id.in_(ids))).all()
    session.flush()
    for row in session.scalars(select(Member).where(or_(Member.id.in_(members), Member.passport_id.in_(passports)))):
        row.passport_id = None
    session.execute(update(VisaCase).where(VisaCase.member_id.in_(members)).values(visa_number=None, earlier_stays=None)
                    .execution_options(synchronize_session="fetch"))
    for merge in session.scalars(select(PersonMerge).where(or_(PersonMerge.survivor_id.in_(ids),
                                                               PersonMerge.merged_id.in_(ids)))):
        merge.before, merge.after = {}, {}
    session.flush()
    session.execute(delete(Passport).where(Passport.id.in_(passports)).execution_options(synchronize_session="fetch"))
    for person in people:
        session.expire(person, ["passports"])
    release_files(session, files)
    return len(passports)


def purge_guests(session: Session, now: datetime, cutoff: datetime) -> int:
    """Delete what guests and clerks proposed by their links, and the log of openings, once a visit is long over."""
    past = select(Visit.id).where(_long_over(session, now, cutoff))
    proposals = session.scalars(select(GuestProposal.id).where(GuestProposal.visit_id.in_(past)).limit(BATCH)).all()
    opened = session.scalars(
        select(GuestSession.id).join(GuestLink, GuestLink.id == GuestSession.link_id)
        .where(GuestLink.visit_id.in_(past)).limit(BATCH)
    ).all()  # fmt: skip
    session.execute(delete(GuestProposal).where(GuestProposal.id.in_(proposals)))
    session.execute(delete(GuestSession).where(GuestSession.id.in_(opened)))
    return max(len(proposals), len(opened))


def purge_previews(session: Session, _now: datetime, cutoff: datetime) -> int:
    """Drop lists of addressees that were handed in and neither taken nor dropped."""
    rows = session.scalars(
        select(PaperBatch).where(PaperBatch.preview.is_not(None), PaperBatch.created_at < cutoff).limit(BATCH)
    ).all()
    for row in rows:
        row.preview = None
    return len(rows)


def purge_papers(session: Session, now: datetime, cutoff: datetime) -> int:
    """Take words, facts, files and addressees out of papers of visits closed long ago; their lines in the register
    stay: number, date, kind, how and when they went.
    """
    closed = _closed(cutoff)
    papers = session.scalars(
        select(Paper).join(Visit, Visit.id == Paper.visit_id).where(closed, Paper.purged_at.is_(None))
        .order_by(Paper.id).limit(BATCH)
    ).all()  # fmt: skip
    empty_papers(session, papers, now)
    for dispatch in (one for paper in papers for one in paper.dispatches):
        dispatch.to_whom = dispatch.note = ""
    batches = session.scalars(
        select(PaperBatch).join(Visit, Visit.id == PaperBatch.visit_id)
        .where(closed, or_(PaperBatch.print_file_id.is_not(None), PaperBatch.archive_file_id.is_not(None))).limit(BATCH)
    ).all()  # fmt: skip
    files = [file for row in batches for file in (row.print_file_id, row.archive_file_id) if file is not None]
    for row in batches:
        row.print_file_id = row.archive_file_id = None
    release_files(session, files)
    return max(len(papers), len(batches))


def empty_papers(session: Session, papers: Sequence[Paper], now: datetime) -> None:
    """Take words, facts and files out of papers; number, date, kind and hashes stay."""
    files: list[int] = []
    for paper in papers:
        paper.facts, paper.told, paper.purged_at = {}, {}, now
        files += [paper.scan_file_id] if paper.scan_file_id else []
        paper.scan_file_id = None
        for text in paper.texts:
            files += [file for file in (text.pdf_file_id, text.docx_file_id) if file is not None]
            text.text, text.pdf_file_id, text.docx_file_id, text.trial_fault = "", None, None, None
    empty_outgoing(session.scalars(select(OutgoingMail).where(
        OutgoingMail.paper_id.in_([each.id for each in papers]), OutgoingMail.state != OutgoingState.RELEASED)), now)
    release_files(session, files)


def empty_outgoing(mails: Iterable[OutgoingMail], now: datetime) -> None:
    """Take address and words out of mails of the sending queue; what became of them stays."""
    for mail in mails:
        mail.to_name = mail.to_address = mail.subject = mail.text = ""
        mail.purged_at = now


def purge_addressees(session: Session, now: datetime, cutoff: datetime) -> int:
    """Take what names somebody outside from visits closed long ago: recipients of batches and their answers' words,
    drivers, the words of an answer to the invitation, whom we told the days. Contacts of requests and former contacts
    of partners go with them.
    """
    closed = _closed(cutoff)
    rows = session.scalars(
        select(BatchRecipient).join(PaperBatch, PaperBatch.id == BatchRecipient.batch_id)
        .join(Visit, Visit.id == PaperBatch.visit_id).where(closed, BatchRecipient.purged_at.is_(None))
        .order_by(BatchRecipient.id).limit(BATCH)
    ).all()  # fmt: skip
    empty_recipients(session, rows, now)
    told = session.scalars(
        select(Told.id).join(Visit, Visit.id == Told.visit_id).where(closed).order_by(Told.id).limit(BATCH)
    ).all()
    session.execute(delete(Told).where(Told.id.in_(told)))
    former = session.scalars(
        select(PartnerContact.id).where(PartnerContact.archived_at < cutoff).order_by(PartnerContact.id).limit(BATCH)
    ).all()
    session.execute(delete(PartnerContact).where(PartnerContact.id.in_(former)))
    drivers = select(Transfer.id).join(Visit, Visit.id == Transfer.visit_id).where(closed)
    answers = select(Invitation.id).join(Visit, Visit.id == Invitation.visit_id).where(closed)
    return max(len(rows), len(told), len(former), _empty(session, Transfer, ("driver_ru", "driver_en"), drivers),
               _empty(session, Invitation, ("note",), answers), _purge_contacts(session, now, cutoff))  # fmt: skip


def _purge_contacts(session: Session, now: datetime, cutoff: datetime) -> int:
    """Take the contact out of requests: with the visit that they led to, else by the day of the decision; out of one
    that nobody decided when papers of its age would go.
    """
    undecided = min(cutoff, now - timedelta(days=terms(session)[Kind.PAPERS].days))
    request = select(VisitRequest.id).outerjoin(Visit, Visit.id == VisitRequest.visit_id).where(or_(
        _closed(cutoff), and_(VisitRequest.visit_id.is_(None), VisitRequest.decided_at < cutoff),
        and_(VisitRequest.decided_at.is_(None), VisitRequest.created_at < undecided),
    ))  # fmt: skip
    return _empty(session, VisitRequest, ("contact_name", "contact_email", "contact_phone"), request)


def _empty(
    session: Session, model: type[Transfer | Invitation | VisitRequest], names: Sequence[str],
    wanted: Select[tuple[int]],
) -> int:  # fmt: skip
    """Take some columns out of a batch of the rows wanted that still hold any of them; give how many rows."""
    held = or_(*(getattr(model, name).is_not(None) for name in names))
    ids = session.scalars(wanted.where(held).order_by(model.id).limit(BATCH)).all()
    values = {**dict.fromkeys(names), "lock_version": model.lock_version + 1}
    session.execute(update(model).where(model.id.in_(ids)).values(values).execution_options(synchronize_session="fetch"))
    return len(ids)


def empty_recipients(session: Session, rows: Sequence[BatchRecipient], now: datetime) -> None:
    """Take everything that names somebody from recipients of batches; whether they came stays, their links end."""
    for row in rows:
        row.particulars, row.problems, row.answer_text, row.purged_at = {"name": ERASED_RU}, None, None, now
    session.execute(
        update(AnswerLink)
        .where(AnswerLink.recipient_id.in_([row.id for row in rows]), AnswerLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _lists(session: Session, now: datetime, cutoff: datetime) -> int:
    return purge_lists(session, now, kept=now - cutoff)


def _mails(session: Session, now: datetime, cutoff: datetime) -> int:
    left = session.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.state.in_((OutgoingState.HANDED, OutgoingState.REMOVED)), OutgoingMail.queued_at < cutoff,
               OutgoingMail.purged_at.is_(None))
        .order_by(OutgoingMail.id).limit(BATCH)
    ).all()  # fmt: skip
    empty_outgoing(left, now)
    return max(len(left), purge_mails(session, now, kept=now - cutoff))


_WORK: dict[Kind, Callable[[Session, datetime, datetime], int]] = {
    Kind.SCANS: purge_scans, Kind.PASSPORTS: purge_passports, Kind.GUESTS: purge_guests, Kind.LISTS: _lists,
    Kind.PREVIEWS: purge_previews, Kind.MAILS: _mails, Kind.PAPERS: purge_papers, Kind.ADDRESSEES: purge_addressees,
}  # fmt: skip


def purge(session: Session, now: datetime, *, kind: Kind) -> int:
    """Purge one batch of one kind by the term in force, and record how many; gives how many.

    Kinds of `ONLY_CONFIRMED` wait until the office has confirmed their term.
    """
    term = terms(session)[kind]
    if kind in ONLY_CONFIRMED and not term.confirmed:
        return 0
    done = _WORK[kind](session, now, now - timedelta(days=term.days))
    if done:
        record(session, SYSTEM, now, "privacy.purge.done", subject=("retention", list(Kind).index(kind)),
               changes={"kind": (None, kind), "count": (None, done)})  # fmt: skip
    return done


def purge_acts(session: Session, now: datetime) -> int:
    """Delete acts of destroyed data that need be kept no longer."""
    today = local_date(now, our_zone(session))
    old = session.scalars(select(ErasureAct.id).where(ErasureAct.kept_until < today).limit(BATCH)).all()
    session.execute(delete(ErasureAct).where(ErasureAct.id.in_(old)))
    return len(old)


def purge_left_files(session: Session, now: datetime) -> int:
    """Give up what no account brought and no row refers to any more: a letter laid out anew, a guest's earlier scan.

    What a colleague handed in stays, even replaced: it may be the only copy of a letter. What is younger than a day may
    yet be claimed by the act that brought it; what a mail carries goes with the mail.
    """
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns
               if any(key.target_fullname == "stored_file.id" for key in column.foreign_keys)]  # fmt: skip
    unclaimed = [StoredFile.id.not_in(select(column).where(column.is_not(None))) for column in columns]
    files = session.scalars(
        select(StoredFile.id)
        .where(StoredFile.created_by.is_(None), StoredFile.created_at < now - UNCLAIMED, *unclaimed)
        .order_by(StoredFile.id)
    ).all()
    if not files:
        return 0
    carried = {file for mail in session.scalars(select(Mail.attachments).where(Mail.purged_at.is_(None)))
               for file in mail}  # fmt: skip
    left = [file for file in files if file not in carried][:BATCH]
    if left:
        release_files(session, left)
        record(session, SYSTEM, now, "privacy.purge.done", subject=("retention", len(Kind)),
               changes={"kind": (None, "files"), "count": (None, len(left))})  # fmt: skip
    return len(left)


PURGES: tuple[Callable[[Session, datetime], int], ...] = (
    tell_forgotten, *(partial(purge, kind=kind) for kind in Kind), purge_acts, purge_left_files,
)  # fmt: skip
"""The nightly chores, each done again while it finds a whole batch."""
