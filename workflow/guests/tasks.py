"""What a guest must still do and by when, and how each member stands for the partner's clerk; passports never named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from workflow.base.languages import N_
from workflow.base.reasons import Sentence
from workflow.guests.claims import Carried, Typed, carried_by, typed_passports
from workflow.guests.models import GuestConsent, GuestProposal, GuestScan
from workflow.guests.rules import ProposalKind, ProposalState
from workflow.invitations.queries import invitation_of
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.papers.models import Paper
from workflow.people.models import Passport, Person
from workflow.visas.claims import Claims, claims_now
from workflow.visas.keeping import our_rules
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import BRINGS, HERE, ItemState
from workflow.visas.sharing import grouped
from workflow.visas.showing import reason_of
from workflow.visas.stays import ITEM as STAYS_ITEM
from workflow.visas.stays import cases_to_tell
from workflow.visits.asking import Question, Why, questions
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, MemberState

ITEM_TITLES: dict[str, str] = {
    "passport": N_("Passport"),
    "photo": N_("Photo 35×45 mm"),
    "insurance": N_("Medical insurance"),
    "evisa_notice": N_("E-visa notification"),
    "form": N_("Application form, signed"),
    "return_ticket": N_("Return ticket"),
    "days_this_year": N_("Days already spent in Russia this year"),
}
"""Things whose names are worded in every language of these pages; others are shown in English, and said to be."""
OURS = frozenset({"migration_registration", "exit_ban_check", "name_ru", "fee", "delegation_letter"})
"""Things of a traveller that the department itself does or asks for: a guest is not troubled with them."""
SHOWN_PAPERS = ("invitation-person", "programme-guest")
OUT = ("approved", "signed", "sent")
SIGNED = ("signed", "sent")


@dataclass(frozen=True)
class Task:
    """One thing for the guest to do: its kind, whether it is done, by when, and the thing of a checklist behind it.

    `borders` are the countries for which a thing is still wanted, told to who crosses several borders; `case` is the
    border whose earlier stays are asked for. A thing that was sent back has a person's `words`; where a check of the
    rules speaks instead, perhaps the day `beyond` which it must be valid.
    """

    what: str
    done: bool
    due: date | None = None
    item: ChecklistItem | None = None
    borders: Sequence[str] = field(default_factory=tuple)
    words: str = ""
    beyond: date | None = None
    case: VisaCase | None = None


def items_of(session: Session, member_id: int) -> Sequence[ChecklistItem]:
    """List what the traveller brings for their visa, without what the department does."""
    rows = session.scalars(
        select(ChecklistItem).join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .where(VisaCase.member_id == member_id, VisaCase.state.in_([state.value for state in BRINGS]),
               ChecklistItem.wanted.is_(True), ChecklistItem.scope == "traveller", ChecklistItem.code.not_in(OURS))
        .options(contains_eager(ChecklistItem.case))
        .order_by(ChecklistItem.due_on.is_(None), ChecklistItem.due_on, ChecklistItem.position, ChecklistItem.id)
    )  # fmt: skip
    return [row for row in rows if not row.flag_only]


def things_to_bring(items: Iterable[ChecklistItem], rules: RuleSet, claims: Claims) -> list[Task]:
    """Ask once for each thing, however many borders it serves; say for which where there are several."""
    listed = list(items)
    several = len({item.case_id for item in listed}) > 1
    return [_task(some, several=several) for some in grouped(listed, rules, claims)]


def _task(items: Sequence[ChecklistItem], *, several: bool) -> Task:
    """Make one task of the items that one thing serves; what was sent back speaks for the others."""
    wanted = [item for item in items if item.state not in HERE] or items
    shown = min(wanted, key=lambda item: item.state != ItemState.REJECTED)
    countries = dict.fromkeys(code for item in wanted for code in (item.case.destination, *item.case.through))
    reason = reason_of(shown)
    return Task(
        "item", wanted[0].state in HERE, min((item.due_on for item in wanted if item.due_on), default=None), shown,
        tuple(countries) if several else (), reason if isinstance(reason, str) else "",
        reason.params.get("limit") if isinstance(reason, Sentence) else None,
    )  # fmt: skip


def passport_in_hand(session: Session, member: Member) -> Passport | Typed | None:
    """Give the passport with which a guest travels by what they typed last, or by what we hold."""
    return _carried(session, member).in_hand


def _carried(session: Session, member: Member) -> Carried:
    typed = typed_passports(session, [member.person_id])
    return carried_by(member.person, member, typed.get(member.person_id, ()))


def _asked(member: Member, visit: Visit, today: date, carried: Carried) -> list[Question]:
    return questions(member.person, carried.chosen_id, needs_passport=visit.direction != "online",
                     last_day=visit.departure, today=today, carried=carried.passports)  # fmt: skip


def data_missing(member: Member, visit: Visit, today: date, carried: Carried) -> tuple[bool, bool]:
    """Tell whether data of the person, and whether a passport good for this visit, are still missing."""
    asked = _asked(member, visit, today, carried)
    of_person = {"latin_family", "birth_date", "citizenships", "sex", "contact"}
    return (any(one.what in of_person for one in asked),
            any(one.what in ("passport", "passport_expiry") and one.why != "choose" for one in asked))  # fmt: skip


def passport_doubt(session: Session, member: Member, visit: Visit, today: date) -> str:
    """Say why a passport may not do: it is "expired" within the stay, "ends-too-soon" after it, or one of two."""
    asked = _asked(member, visit, today, _carried(session, member))
    return next((one.why.value for one in asked if one.why in (Why.EXPIRED, Why.ENDS_TOO_SOON, Why.CHOOSE)), "")


def tasks_of(session: Session, visit: Visit, member: Member, today: date) -> list[Task]:
    """List a guest's own things to do, with the day each is wanted by; those not done first."""
    invitation = invitation_of(session, visit.id)
    items, rules = items_of(session, member.id), our_rules(session)
    counted = [case for case, _terms in cases_to_tell(session, member.id, rules)]
    first_due = min((item.due_on for item in items if item.due_on), default=None)
    data, passport = data_missing(member, visit, today, _carried(session, member))
    consented = session.scalar(
        select(GuestConsent.id).where(GuestConsent.member_id == member.id, GuestConsent.withdrawn_at.is_(None))
    )
    tasks = [
        Task("answer", member.state == MemberState.CONFIRMED or _answered(session, member.id),
             invitation.reply_by if invitation else None),
        Task("consent", consented is not None, first_due),
        Task("data", not data, first_due),
    ]  # fmt: skip
    if visit.direction != "online":
        tasks.append(Task("passport", not passport, first_due))
    tasks += [Task("stays", case.earlier_stays is not None, first_due, case=case) for case in counted]
    told_apart = {case.id for case in counted}
    brought = [item for item in items if item.code != STAYS_ITEM or item.case_id not in told_apart]
    tasks += things_to_bring(brought, rules, claims_now(session))
    return sorted(tasks, key=lambda task: task.done)


def _answered(session: Session, member_id: int) -> bool:
    return session.scalar(
        select(GuestProposal.id).where(
            GuestProposal.member_id == member_id, GuestProposal.state == ProposalState.WAITING,
            GuestProposal.kind.in_([ProposalKind.DECLINE.value, ProposalKind.SUBSTITUTE.value]))
        .limit(1)
    ) is not None  # fmt: skip


def waiting_proposals(session: Session, member_ids: Sequence[int]) -> list[GuestProposal]:
    """List what members proposed and nobody has decided."""
    return list(session.scalars(
        select(GuestProposal).where(GuestProposal.member_id.in_(member_ids),
                                    GuestProposal.state == ProposalState.WAITING).order_by(GuestProposal.id)
    ))  # fmt: skip


def says_waiting(proposal: GuestProposal) -> bool:
    """Tell whether guest and clerk are told that it is being checked: never of a passport, see `guests.claims`."""
    return proposal.kind != ProposalKind.PASSPORT


def is_checked(session: Session, member: Member) -> bool:
    """Tell whether something that a guest sent waits to be checked, as far as the guest is told."""
    return any(map(says_waiting, waiting_proposals(session, [member.id])))


def papers_for(session: Session, visit_id: int, member_id: int) -> list[Paper]:
    """List the papers that a guest may have: their own signed invitation, the approved programme for guests."""
    rows = session.scalars(
        select(Paper).where(Paper.visit_id == visit_id, Paper.kind.in_(SHOWN_PAPERS), Paper.state.in_(OUT))
        .order_by(Paper.id.desc())
    )
    mine = []
    for paper in rows:
        if paper.kind == "invitation-person":
            if paper.about == ("member", member_id) and paper.state in SIGNED:
                mine.append(paper)
        elif paper.about is None:
            mine.append(paper)
    return mine


@dataclass(frozen=True)
class Standing:
    """How one member stands, for the clerk: what is missing, by kind; never the data themselves."""

    member: Member
    missing: Sequence[str]
    papers_missing: int
    waiting: bool


def standings(session: Session, visit: Visit, today: date) -> list[Standing]:
    """Say for each live member what is still missing, in a fixed number of queries."""
    people = session.scalars(
        select(Member).where(Member.visit_id == visit.id, Member.state.in_([state.value for state in LIVE_MEMBER]))
        .options(selectinload(Member.person).selectinload(Person.passports))
        .order_by(Member.is_head.desc(), Member.position, Member.id)
    ).all()
    ids = [member.id for member in people]
    consented = set(session.scalars(
        select(GuestConsent.member_id).where(GuestConsent.member_id.in_(ids), GuestConsent.withdrawn_at.is_(None))))
    waiting = {one.member_id for one in waiting_proposals(session, ids) if says_waiting(one)}
    typed = typed_passports(session, [member.person_id for member in people])
    open_items: dict[int, int] = {}
    lacking = session.scalars(
        select(ChecklistItem).join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .where(VisaCase.visit_id == visit.id, VisaCase.state.in_([state.value for state in BRINGS]),
               ChecklistItem.wanted.is_(True), ChecklistItem.scope == "traveller", ChecklistItem.code.not_in(OURS),
               ChecklistItem.required, ChecklistItem.state.not_in(HERE), ChecklistItem.flag_only.is_(False))
        .options(contains_eager(ChecklistItem.case))
    ).all()  # fmt: skip
    for some in grouped(lacking, our_rules(session), claims_now(session)):
        member_id = some[0].case.member_id
        open_items[member_id] = open_items.get(member_id, 0) + 1
    found = []
    for member in people:
        carried = carried_by(member.person, member, typed.get(member.person_id, ()))
        data, passport = data_missing(member, visit, today, carried)
        lacks = [("answer", member.state == MemberState.PROPOSED), ("consent", member.id not in consented),
                 ("data", data), ("passport", passport)]  # fmt: skip
        found.append(Standing(member, [what for what, open_still in lacks if open_still],
                              open_items.get(member.id, 0), member.id in waiting))  # fmt: skip
    return found


def scan_counts(session: Session, visit_id: int) -> dict[int, list[Any]]:
    """List the scans of a visit's members by member; the caller has checked the visit."""
    found: dict[int, list[Any]] = {}
    for scan in session.scalars(
        select(GuestScan).join(Member, Member.id == GuestScan.member_id).where(Member.visit_id == visit_id)
        .order_by(GuestScan.id)
    ):
        found.setdefault(scan.member_id, []).append(scan)
    return found
