"""Erasure of one person's data, with an act: what goes, what stays, and what stands in the way.

Names are replaced by «удалено» and "erased", what is encrypted is emptied, passports, photo, scans, forms of the name
and the keys that find duplicates are deleted, mails to the person are emptied. The act names the person by number.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, Table, delete, func, or_, select, union
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.database import Base, expect_version
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.base.files import release_files
from workflow.base.unit_of_work import after_commit
from workflow.guests.models import GuestConsent, GuestLink, GuestProposal, GuestScan
from workflow.guests.privacy.letters import Letters, addresses_of, empty_letters, letters_to, mails_to
from workflow.guests.privacy.mentions import forms_of, replace_mentions, same_name
from workflow.guests.privacy.models import ErasureAct
from workflow.guests.privacy.purging import empty_items, empty_papers, empty_passports
from workflow.guests.privacy.rules import ERASED, ERASED_RU, Ground, Part, kept_until
from workflow.mail.models import Mail, MailState
from workflow.mail.service import empty_mail, withdraw_mail
from workflow.office.queries import issuing_body, our_zone
from workflow.papers.batches.facts import SUBJECT as RECIPIENT
from workflow.papers.models import Paper
from workflow.people.declension.models import NameForm
from workflow.people.models import Passport, Person, PersonKey, PersonMerge, PersonPost
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visits.lists.service import empty_list
from workflow.visits.models import Member, MemberList, Told, Visit
from workflow.visits.rules import LIVE_MEMBER, Standing

EMPTY = ("native_family", "native_given", "native_patronymic", "latin_given", "russian_given", "russian_patronymic",
         "name_key", "residence", "post_ru", "post_en", "organisation_ru", "organisation_en")
NULLED = ("birth_date", "birth_place", "birth_place_latin", "birth_index", "home_address", "home_address_latin",
          "email", "phone", "diet", "access_needs", "emergency_name", "emergency_phone", "ask_about_health_on",
          "post_since", "checked_on", "photo_file_id")
OF_MEMBER = ("post_ru", "post_en", "organisation_ru", "organisation_en", "role_ru", "role_en", "seat", "seat_en",
             "note", "end_reason")
ROWS_OF_MEMBER = ("trip_task", "member_award")


@dataclass(frozen=True)
class Subject:
    """Everything that is one person's: the entry and those merged into it, parts in delegations, visits, mails."""

    people: Sequence[Person]
    members: Sequence[Member]
    mails: Sequence[Mail]
    papers: Sequence[Paper]
    letters: Letters

    @property
    def ids(self) -> list[int]:
        """The keys of the entries."""
        return [person.id for person in self.people]

    @property
    def member_ids(self) -> list[int]:
        """The keys of the parts in delegations."""
        return [member.id for member in self.members]

    @property
    def visit_ids(self) -> list[int]:
        """The visits in which the person took part."""
        return sorted({member.visit_id for member in self.members})


def gather(session: Session, person: Person) -> Subject:
    """Find everything of one person; the caller has checked that the actor may see them."""
    merged = select(Person.id).where(Person.merged_into_id == person.id)
    people = session.scalars(
        select(Person).where(Person.id.in_(merged.union(select(Person.id).where(Person.id == person.id))))
        .order_by(Person.id)
    ).all()  # fmt: skip
    members = session.scalars(
        select(Member).where(Member.person_id.in_([one.id for one in people])).order_by(Member.id)
    ).all()
    letters = letters_to(session, people)
    about = [
        select(Paper.id).where(Paper.about_kind == kind, Paper.about_id.in_([one.id for one in rows]))
        for kind, rows in (("member", members), (RECIPIENT, letters.recipients))
    ]  # fmt: skip
    papers = session.scalars(select(Paper).where(Paper.id.in_(union(*about))).order_by(Paper.id)).all()
    return Subject(people, members, mails_to(session, people), papers, letters)


def hindrances(session: Session, subject: Subject) -> Sequence[Visit]:
    """List visits that go on and need the person: he or she must be taken out of them first."""
    needed = select(Member.visit_id).where(Member.id.in_(subject.member_ids), Member.state.in_(LIVE_MEMBER))
    return session.scalars(
        select(Visit).where(Visit.id.in_(needed), Visit.standing.in_((Standing.LIVE, Standing.POSTPONED)))
        .order_by(Visit.id)
    ).all()  # fmt: skip


def counts(session: Session, subject: Subject) -> dict[str, int]:
    """Count what would go, by category."""
    cases = select(VisaCase.id).where(VisaCase.member_id.in_(subject.member_ids))

    def number(query: object) -> int:
        return int(session.scalar(query) or 0)  # type: ignore[call-overload]

    found = {
        Part.CARD: len(subject.people),
        Part.PASSPORTS: number(select(func.count(Passport.id)).where(Passport.person_id.in_(subject.ids))),
        Part.PHOTO: sum(one.photo_file_id is not None for one in subject.people),
        Part.MEMBERS: len(subject.members),
        Part.VISAS: number(select(func.count(VisaCase.id)).where(VisaCase.member_id.in_(subject.member_ids))),
        Part.SCANS: number(select(func.count(ChecklistItem.id)).where(
            ChecklistItem.case_id.in_(cases), ChecklistItem.file_id.is_not(None), ChecklistItem.scope == "traveller"))
        + number(select(func.count(GuestScan.id)).where(GuestScan.member_id.in_(subject.member_ids))),
        Part.GUESTS: number(select(func.count(GuestProposal.id)).where(
            GuestProposal.member_id.in_(subject.member_ids))),
        Part.PAPERS: sum(paper.purged_at is None for paper in subject.papers),
        Part.MAILS: len(subject.mails) + subject.letters.count,
        Part.LISTS: number(select(func.count(MemberList.id)).where(MemberList.visit_id.in_(subject.visit_ids))),
    }  # fmt: skip
    return {part.value: count for part, count in found.items() if count}


def erase(
    session: Session, actor: Actor, now: datetime, person: Person, ground: Ground, reason: str, *,
    asked_on: date | None = None, version: int | None = None,
) -> ErasureAct:  # fmt: skip
    """Destroy a person's data and write the act.

    Raises:
        Stale: somebody else saved the card meanwhile.
        Conflict: a visit that goes on needs the person; or the entry was merged into another; or it is done already.
        Invalid: no reason, or the day of the request is yet to come.
    """
    expect_version(person, version)
    today = local_date(now, our_zone(session))
    if not reason.strip():
        raise Invalid("privacy.reason-missing", field="reason")
    if asked_on is not None and asked_on > today:
        raise Invalid("privacy.asked-in-future", field="asked_on")
    if person.merged_into_id is not None or is_erased(session, person.id):
        raise Conflict("privacy.erased-already")
    subject = gather(session, person)
    if hindrances(session, subject):
        raise Conflict("privacy.still-needed")
    steps = Counter(counts(session, subject))
    names = forms_of(session, subject.people)
    files = _empty_rows(session, subject, now)
    steps[Part.FORMS.value] = _drop_forms(session, subject)
    _empty_cards(subject)
    release_files(session, files)
    steps[Part.MENTIONS.value] = replace_mentions(session, names, subject.ids, subject.member_ids, subject.visit_ids)
    office = issuing_body(session)
    act = ErasureAct(
        year=today.year, number=_next_number(session, today.year), person_id=person.id, visit_ids=subject.visit_ids,
        ground=ground, reason=reason.strip()[:500], asked_on=asked_on, operator_ru=office.name_ru if office else "",
        operator_en=office.name_en if office else "", parts={part: count for part, count in steps.items() if count},
        log=[{"at": now.isoformat(), "part": part, "count": count} for part, count in steps.items() if count],
        done_at=now, done_by=actor.account_id, kept_until=kept_until(today),
    )  # fmt: skip
    session.add(act)
    session.flush()
    record(session, actor, now, "privacy.person.erased", subject=("person", person.id),
           changes={"act": (None, f"{act.number}/{act.year}")})  # fmt: skip
    _scrub_afterwards(session)
    return act


def is_erased(session: Session, person_id: int) -> bool:
    """Tell whether an act of this person's erasure is kept."""
    return session.scalar(select(ErasureAct.id).where(ErasureAct.person_id == person_id).limit(1)) is not None


def _next_number(session: Session, year: int) -> int:
    return int(session.scalar(select(func.max(ErasureAct.number)).where(ErasureAct.year == year)) or 0) + 1


def _empty_rows(session: Session, subject: Subject, now: datetime) -> list[int]:
    """Empty what hangs on the person; give the files that nobody needs any more."""
    members = subject.member_ids
    files = [one.photo_file_id for one in subject.people if one.photo_file_id is not None]
    for mail in subject.mails:
        if mail.state == MailState.QUEUED:
            withdraw_mail(session, now, mail.id)
            session.refresh(mail)
        empty_mail(session, mail, now)
    empty_letters(session, subject.letters, now)
    _forget_told(session, subject)
    _empty_guest_rows(session, subject, now)
    for case in session.scalars(select(VisaCase).where(VisaCase.member_id.in_(members))):
        case.visa_number, case.earlier_stays, case.hand_note, case.held_note = None, None, "", ""
        files += empty_items([item for item in case.items if item.scope == "traveller"], now)
    for scan in session.scalars(select(GuestScan).where(GuestScan.member_id.in_(members))):
        files.append(scan.file_id)
        session.delete(scan)
    empty_papers(session, [paper for paper in subject.papers if paper.purged_at is None], now)
    for row in session.scalars(select(MemberList).where(MemberList.visit_id.in_(subject.visit_ids))):
        empty_list(session, row)
    for name in ROWS_OF_MEMBER:
        table: Table = Base.metadata.tables[name]
        session.execute(delete(table).where(table.c.member_id.in_(members)))
    empty_passports(session, subject.people)
    return files


def _forget_told(session: Session, subject: Subject) -> None:
    addresses = addresses_of(subject.people)
    for told in session.scalars(select(Told).where(Told.visit_id.in_(subject.visit_ids))):
        if told.address.strip().casefold() in addresses or any(same_name(one, told.name) for one in subject.people):
            session.delete(told)


def _empty_guest_rows(session: Session, subject: Subject, now: datetime) -> None:
    """Revoke links, delete what was proposed by or about the person; that consent was given stays, without a name."""
    members = subject.member_ids
    for consent in session.scalars(select(GuestConsent).where(GuestConsent.member_id.in_(members))):
        consent.representative = None
    for link in session.scalars(select(GuestLink).where(GuestLink.member_id.in_(members))):
        link.revoked_at = link.revoked_at or now
    proposals = session.scalars(select(GuestProposal).where(GuestProposal.visit_id.in_(subject.visit_ids)))
    for proposal in proposals:
        added = {str(value).casefold() for group in proposal.content.values() if isinstance(group, dict)
                 for value in group.values()}  # fmt: skip
        families = {name.casefold() for one in subject.people
                    for name in (one.latin_family, one.russian_family, one.native_family) if name}  # fmt: skip
        if proposal.member_id in members or families & added:
            session.delete(proposal)


def _drop_forms(session: Session, subject: Subject) -> int:
    """Delete confirmed case forms of the name, also those confirmed for the text, old posts and keys."""
    rows = [row for row in session.scalars(select(NameForm))
            if row.person_id in subject.ids or any(same_name(one, row.text) for one in subject.people)]  # fmt: skip
    for row in rows:
        session.delete(row)
    for model in (PersonPost, PersonKey):
        session.execute(delete(model).where(model.person_id.in_(subject.ids)))
    for merge in session.scalars(select(PersonMerge).where(or_(PersonMerge.survivor_id.in_(subject.ids),
                                                               PersonMerge.merged_id.in_(subject.ids)))):
        merge.before, merge.after, merge.reason = {}, {}, ""
    session.flush()
    return len(rows)


def _empty_cards(subject: Subject) -> None:
    for one in subject.people:
        for name in EMPTY:
            setattr(one, name, "")
        for name in NULLED:
            setattr(one, name, None)
        one.russian_family, one.latin_family, one.sex = ERASED_RU, ERASED, "unknown"
        one.citizenships, one.languages, one.ask_about_health = [], [], False
    for member in subject.members:
        for name in OF_MEMBER:
            setattr(member, name, "")


def _scrub_afterwards(session: Session) -> None:
    """On SQLite fold the log of the database in once all is committed, so that no old page stays beside the file."""
    engine = session.get_bind()
    if isinstance(engine, Engine) and engine.dialect.name == "sqlite":
        after_commit(session, lambda: fold_in(engine))


def fold_in(engine: Engine) -> None:
    """Write SQLite's log into the file and cut it to nothing; when somebody is reading, the next folding does it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        plain = connection.connection.driver_connection
        if plain is not None:
            plain.execute("PRAGMA busy_timeout=2000")
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            plain.execute("PRAGMA busy_timeout=15000")


def acts(session: Session) -> Sequence[ErasureAct]:
    """List the acts, the last first."""
    return session.scalars(select(ErasureAct).order_by(ErasureAct.id.desc()).limit(500)).all()


