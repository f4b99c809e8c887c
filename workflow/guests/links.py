"""Personal links: issued, mailed, opened, revoked. The secret is shown once and never kept, logged or recorded.

A mail scanner that fetches a link changes nothing: opening it is a POST, which swaps the secret for a short cookie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from workflow.accounts.rules import new_token, token_hash
from workflow.base.actor import Actor, ActorKind
from workflow.base.errors import Conflict, Invalid, NotFound
from workflow.base.events import record
from workflow.base.limits import spend
from workflow.guests.letters import invite_words
from workflow.guests.models import GuestLink, GuestSession
from workflow.guests.rules import ACTS_PER_HOUR, AUTONYMS, COOKIE, LinkKind, best_language, expiry
from workflow.mail.composing import page_address
from workflow.mail.service import Recipient, queue_worded_mail
from workflow.partners.models import Partner
from workflow.people.models import Person
from workflow.visits.models import Member, Visit
from workflow.visits.queries import members
from workflow.visits.rules import LIVE_MEMBER, Standing


@dataclass(frozen=True)
class Issued:
    """A new link: its address, which nobody can be told again, and whether it was mailed."""

    link: GuestLink
    address: str
    mailed: bool


def language_for(session: Session, visit: Visit, member: Member | None) -> str:
    """Choose a link's language: the person's first, else the partner's, else the visit's, else English."""
    partner = session.get(Partner, visit.partner_id) if visit.partner_id else None
    wanted = [*(member.person.languages if member else ()), *(partner.languages if partner else ()), *visit.languages]
    return best_language(wanted)


def issue_link(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member | None, *, language: str = "",
    mail_to: str = "", name: str = "",
) -> Issued:  # fmt: skip
    """Issue a guest's link (or without a member the clerk's); the one before ends. Mailed where an address is given.

    Raises:
        Conflict: the visit is over, the member has left, or somebody issued another link in this moment.
        Invalid: no such language.
    """
    _check_live(visit, member)
    language = language or language_for(session, visit, member)
    if language not in AUTONYMS:
        raise Invalid("base.not-a-choice", field="language")
    kind = LinkKind.GUEST if member else LinkKind.CLERK
    _end(session, now, visit.id, member.id if member else None)
    token = new_token()
    link = GuestLink(kind=kind.value, visit_id=visit.id, member_id=member.id if member else None, language=language,
                     token_hash=token_hash(token), issued_at=now, issued_by=actor.account_id,
                     expires_at=expiry(now, visit.departure))  # fmt: skip
    try:
        with session.begin_nested():
            session.add(link)
    except IntegrityError:
        raise Conflict("guests.link-issued-meanwhile") from None
    record(session, actor, now, "guests.link.issued", subject=link, visit_id=visit.id,
           changes={"kind": (None, kind.value), "member_id": (None, link.member_id)})  # fmt: skip
    address = page_address(f"/g/{token}")
    if mail_to:
        subject, text = invite_words(session, visit, kind, language, address=address, until=link.expires_at)
        queue_worded_mail(session, now, "guest-link", Recipient(mail_to, name, language), subject=subject, text=text,
                          key=f"guests.link.{link.id}", visit_id=visit.id, request_id=actor.request_id)  # fmt: skip
    return Issued(link, address, bool(mail_to))


def _check_live(visit: Visit, member: Member | None) -> None:
    if visit.standing not in (Standing.LIVE, Standing.POSTPONED):
        raise Conflict("visits.visit-over")
    if member is not None and member.state not in [state.value for state in LIVE_MEMBER]:
        raise Conflict("visits.member-gone")


def issue_to_all(session: Session, actor: Actor, now: datetime, visit: Visit) -> tuple[int, Sequence[str]]:
    """Mail a link to every member who has an address and no link that still opens; name those without an address."""
    have = {link.member_id for link in links_of(session, visit.id) if is_live(link, now)}
    sent, without = 0, []
    for member in members(session, visit.id):
        if member.id in have:
            continue
        if not member.person.email:
            without.append(member.person.shown_name(actor.locale))
            continue
        issue_link(session, actor, now, visit, member, mail_to=member.person.email,
                   name=member.person.shown_name("en"))
        sent += 1
    return sent, without


def _end(session: Session, now: datetime, visit_id: int, member_id: int | None) -> None:
    query = update(GuestLink).where(GuestLink.visit_id == visit_id, GuestLink.revoked_at.is_(None))
    query = query.where(GuestLink.member_id == member_id) if member_id else query.where(GuestLink.member_id.is_(None))
    session.execute(query.values(revoked_at=now).execution_options(synchronize_session="fetch"))


def revoke_link(session: Session, actor: Actor, now: datetime, link: GuestLink) -> None:
    """End a link, and with it every cookie that it gave; the caller has checked that the actor may.

    Raises:
        Conflict: it was revoked before.
    """
    done = session.execute(
        update(GuestLink).where(GuestLink.id == link.id, GuestLink.revoked_at.is_(None)).values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("guests.link-revoked-before")
    record(session, actor, now, "guests.link.revoked", subject=link, visit_id=link.visit_id)


def find_link(session: Session, token: str) -> GuestLink:
    """Find a link by its secret, be it live or ended; unscoped, the secret is the permission.

    Raises:
        NotFound: no link was ever issued with it.
    """
    link = session.scalars(
        select(GuestLink).where(GuestLink.token_hash == token_hash(token))
        .options(joinedload(GuestLink.visit), joinedload(GuestLink.member))
    ).one_or_none()
    if link is None:
        raise NotFound("link")
    return link


def ends_at(link: GuestLink) -> datetime:
    """Tell when a link ends: when it was told to end, and later where the visit was moved beyond that."""
    return max(link.expires_at, expiry(link.issued_at, link.visit.departure))


def is_live(link: GuestLink, now: datetime) -> bool:
    """Tell whether a link still opens: neither revoked nor expired, its visit and its member not called off."""
    gone = link.member is not None and link.member.state not in [state.value for state in LIVE_MEMBER]
    return link.revoked_at is None and ends_at(link) > now and not gone and link.visit.standing != Standing.CANCELLED


def open_link(session: Session, now: datetime, link: GuestLink, language: str) -> str:
    """Open a live link: note its use and give the secret of a short cookie."""
    secret = new_token()
    session.add(GuestSession(link_id=link.id, secret_hash=token_hash(secret), opened_at=now, acts=0,
                             language=language if language in AUTONYMS else link.language,
                             expires_at=min(now + COOKIE, ends_at(link))))  # fmt: skip
    session.flush()
    return secret


def seat_of(session: Session, now: datetime, secret: str, kind: LinkKind) -> GuestSession | None:
    """Give what a cookie stands for while its link still opens; None for anything else."""
    seat = session.scalars(
        select(GuestSession).join(GuestLink, GuestLink.id == GuestSession.link_id)
        .where(GuestSession.secret_hash == token_hash(secret), GuestSession.expires_at > now,
               GuestLink.kind == kind.value)
        .options(
            joinedload(GuestSession.link).joinedload(GuestLink.visit),
            joinedload(GuestSession.link).joinedload(GuestLink.member).joinedload(Member.person)
            .selectinload(Person.passports),
        )
    ).one_or_none()  # fmt: skip
    return seat if seat is not None and is_live(seat.link, now) else None


def language_of(session: Session, secret: str) -> str:
    """Give the language in which a cookie's pages were read, be it live or not; "" when it never was one."""
    return session.scalar(select(GuestSession.language).where(GuestSession.secret_hash == token_hash(secret))) or ""


def guest_actor(seat: GuestSession, request_id: str = "") -> Actor:
    """Make the actor for whoever holds a cookie; it has no permission, the link alone says what it sees."""
    return guest_actor_of(seat.link, seat.language, request_id)


def guest_actor_of(link: GuestLink, language: str, request_id: str = "") -> Actor:
    """Make the actor for whoever holds a link."""
    return Actor(ActorKind.GUEST, name=f"link {link.id}", locale=language, zone=link.visit.zone,
                 request_id=request_id)


def count_act(session: Session, now: datetime, seat: GuestSession) -> None:
    """Count one act of a link; the caller commits in any case.

    Raises:
        TooMany: this link has done too much within the hour.
    """
    spend(session, now, "guest-act", str(seat.link_id), limit=ACTS_PER_HOUR, window=timedelta(hours=1))
    session.execute(update(GuestSession).where(GuestSession.id == seat.id).values(acts=GuestSession.acts + 1))


def links_of(session: Session, visit_id: int) -> Sequence[GuestLink]:
    """List a visit's links, the newest first; the caller has checked that the actor may see the visit."""
    return session.scalars(
        select(GuestLink).where(GuestLink.visit_id == visit_id).order_by(GuestLink.id.desc())
        .options(joinedload(GuestLink.member), joinedload(GuestLink.visit))
    ).all()


def uses_of(session: Session, visit_id: int) -> dict[int, list[GuestSession]]:
    """List the openings of a visit's links by link, the newest first."""
    found: dict[int, list[GuestSession]] = {}
    for row in session.scalars(
        select(GuestSession).join(GuestLink).where(GuestLink.visit_id == visit_id).order_by(GuestSession.id.desc())
        .options(selectinload(GuestSession.link))
    ):
        found.setdefault(row.link_id, []).append(row)
    return found
