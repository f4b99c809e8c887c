"""Takes a department's published record over as its history: `delegations import FOLDER`.

Past visits are entered as closed, with their dates shown as precisely as they are known. The same record again adds
nothing: partners are known by key, visits by their source, the rest by what they say.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.events import record as record_event
from workflow.demo.record import Record, Row, read_record
from workflow.office.queries import our_pack
from workflow.partners.models import Agreement, Award, BodyPost, Figure, Membership, Partner
from workflow.partners.rules import PartnerKind, Tie
from workflow.partners.service import add_agreement, add_partner
from workflow.process.opening import enter_visit
from workflow.process.publishing import publish_definitions
from workflow.visits.models import Visit
from workflow.visits.rules import Dates, Direction, Standing
from workflow.visits.service import VisitData

STAVROPOL = Path(__file__).resolve().parent / "data" / "stavropol"

_KINDS = {"city": PartnerKind.CITY, "school": PartnerKind.SCHOOL, "university": PartnerKind.UNIVERSITY,
          "consulate": PartnerKind.CONSULATE, "association": PartnerKind.ASSOCIATION, "ministry": PartnerKind.MINISTRY}
_DIRECTIONS = {"incoming": Direction.INCOMING, "outgoing": Direction.OUTGOING, "online": Direction.ONLINE,
               "hosted event": Direction.HOSTED}
_PROCESSES = {Direction.INCOMING: "incoming", Direction.HOSTED: "incoming", Direction.OUTGOING: "outgoing",
              Direction.ONLINE: "online-meeting"}


def import_record(
    session: Session, actor: Actor, now: datetime, folder: Path, tell: Callable[[str, int], None] | None = None
) -> Mapping[str, int]:
    """Take over what is new in a folder; give how many rows of each file were added, and *tell* each as it is done.

    Raises:
        RecordFaults: rows are wrong; nothing was taken over.
    """
    record = read_record(folder)
    publish_definitions(session, now, pack=our_pack(session) or "ru-municipal")
    keys: dict[str, Partner] = {row.key: row for row in session.scalars(select(Partner))}
    takers: Mapping[str, Callable[[], int]] = {
        "partners": lambda: _partners(session, actor, now, record, keys),
        "memberships": lambda: _memberships(session, actor, now, record, keys),
        "agreements": lambda: _agreements(session, actor, now, record, keys),
        "body_posts": lambda: _body_posts(session, record, keys),
        "awards": lambda: _awards(session, record, keys),
        "figures": lambda: _figures(session, record),
        "visits": lambda: _visits(session, actor, now, record, keys),
    }
    added = {}
    for name, take in takers.items():
        added[name] = take()
        if tell is not None:
            tell(name, added[name])
    session.flush()
    if any(added.values()):
        record_event(session, actor, now, "partners.imported", subject=("record", 0),
                     changes={name: (0, count) for name, count in added.items() if count}, note=folder.name)
    return added


def _partners(
    session: Session, actor: Actor, now: datetime, record: Record, keys: dict[str, Partner]
) -> int:
    added = 0
    for row in record.files["partners"]:
        if row["key"] in keys:
            continue
        city = row["kind"] == "city" and "(" not in row["name_en"]
        keys[row["key"]] = add_partner(
            session, actor, now, key=row["key"], kind=_KINDS.get(row["kind"], PartnerKind.BODY),
            tie=row["tie"] if row["tie"] in set(Tie) else Tie.CONTACT, name_ru=row["name_ru"], name_en=row["name_en"],
            city_ru=row["name_ru"] if city else "", city_en=row["name_en"] if city else "", country=row["country"],
            languages=row["languages"].split(";"), website=row["website"], source=row["source"],
        )  # fmt: skip
        added += 1
    return added


def _memberships(
    session: Session, actor: Actor, now: datetime, record: Record, keys: dict[str, Partner]
) -> int:
    there = set(session.scalars(select(Membership.partner_id)))
    added = 0
    for row in record.files["memberships"]:
        partner = keys.get(row["key"])
        if partner is None:
            partner = keys[row["key"]] = add_partner(
                session, actor, now, key=row["key"], kind=PartnerKind.ASSOCIATION, tie=Tie.MEMBERSHIP,
                name_ru=record.ru(row["name_en"]), name_en=row["name_en"], short_name=row["short"],
                source=row["source"],
            )  # fmt: skip
        if partner.id not in there:
            session.add(Membership(
                partner_id=partner.id, since=row["member_since"], level=record.shown(row["level"]),
                members=int(row["members"]) if row["members"] else None,
                members_what=record.shown(row["members_what"]), source=row["source"],
            ))  # fmt: skip
            added += 1
    return added


def _agreements(session: Session, actor: Actor, now: datetime, record: Record, keys: Mapping[str, Partner]) -> int:
    there = set(session.execute(select(Agreement.partner_id, Agreement.title_en)).tuples())
    added = 0
    for row in record.files["agreements"]:
        partner = keys[row["partner"]]
        if (partner.id, row["title_en"]) not in there:
            add_agreement(
                session, actor, now, partner.id, title_en=row["title_en"], title_ru=record.ru(row["title_en"]),
                own_party=record.shown(row["own_party"]), signed=row["signed"], scope=record.several(row["scope"]),
                has_plan=row["action_plan"] == "yes", source=row["source"],
            )  # fmt: skip
            added += 1
    return added


def _body_posts(session: Session, record: Record, keys: Mapping[str, Partner]) -> int:
    there = set(session.execute(select(BodyPost.partner_id, BodyPost.body, BodyPost.since)).tuples())
    added = 0
    for row in record.files["body_posts"]:
        seat = (keys[row["association"]].id, record.shown(row["body"]), row["from"])
        if seat not in there:
            session.add(BodyPost(partner_id=seat[0], body=seat[1], since=seat[2],
                                 holder=record.shown(row["holder_office"]), source=row["source"]))
            added += 1
    return added


def _awards(session: Session, record: Record, keys: Mapping[str, Partner]) -> int:
    there = set(session.execute(select(Award.year, Award.title_en)).tuples())
    added = 0
    for row in record.files["awards"]:
        if (row["year"], row["award"]) not in there:
            giver = keys.get(row["by"])
            session.add(Award(
                partner_id=giver.id if giver else None, year=row["year"], title_en=row["award"],
                title_ru=record.ru(row["award"]), result=record.shown(row["result"]), source=row["source"],
            ))  # fmt: skip
            added += 1
    return added


def _figures(session: Session, record: Record) -> int:
    there = set(session.execute(select(Figure.what_en, Figure.period, Figure.city)).tuples())
    added = 0
    for row in record.files["figures"]:
        if (row["what"], row["period"], row["city"]) not in there:
            session.add(Figure(
                what_en=row["what"], what_ru=record.ru(row["what"]), value=int(row["value"]), bound=row["bound"],
                unit=row["unit"], period=row["period"], city=row["city"], source=row["source"],
            ))  # fmt: skip
            added += 1
    return added


def _visits(session: Session, actor: Actor, now: datetime, record: Record, keys: Mapping[str, Partner]) -> int:
    there = set(session.scalars(select(Visit.source).where(Visit.source != "")))
    added = 0
    for row in record.files["visits"]:
        source = f"{row['source']}: {row['key']}"
        if source not in there:
            direction = _DIRECTIONS[row["direction"]]
            process = "courtesy-call" if row["kind"] == "courtesy call" else _PROCESSES[direction]
            enter_visit(session, actor, now, _visit(record, row, direction, keys, source), process, stage="closed")
            added += 1
    return added


def _visit(record: Record, row: Row, direction: Direction, keys: Mapping[str, Partner], source: str) -> VisitData:
    partners = [keys[key.strip()] for key in row["partner_or_body"].split(";") if key.strip()]
    partner = partners[0] if partners else None
    place = record.places.get(row["place"])
    country = partner.country if partner and direction is not Direction.OUTGOING else ""
    if direction is Direction.OUTGOING:
        country = place["country"] if place else (partner.country if partner else "")
    return VisitData(
        title_ru=record.ru(row["title_en"]), title_en=row["title_en"], direction=direction,
        partner_id=partner.id if partner else None, country=country,
        place=(place["place_ru"] if place else row["place"]), zone=place["zone"] if place else "Europe/Moscow",
        dates=known_days(row["start"], row["end"]), dates_text=known_text(row["start"], row["end"]),
        purpose=_purpose(record, row, partners[1:]), languages=list(partner.languages) if partner else [],
        source=source, standing=Standing.CLOSED,
    )  # fmt: skip


def known_days(start: str, end: str) -> Dates:
    """Give the first and last day; of a month or year known only as such, its first day stands for both."""
    if not start:
        return Dates(None, None)
    first = _first_day(start)
    return Dates(first, _first_day(end) if end and len(end) == 10 else first)


def known_text(start: str, end: str) -> str:
    """Give what is shown instead of days when the record knows the month or year only."""
    return start if start and (len(start) < 10 or (end and len(end) < 10)) else ""


def _first_day(partial: str) -> date:
    return date.fromisoformat((partial + "-01-01")[:10])


def _purpose(record: Record, row: Row, others: list[Partner]) -> str:
    parts = [record.shown(row["kind"])]
    if row["head_office"]:
        parts.append(record.shown(row["head_office"]))
    parts += record.several(row["work_done"])
    parts += [other.name("ru") for other in others]
    return "; ".join(parts)
