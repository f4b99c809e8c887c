"""Everything held of one person, as a ZIP for that person (152-FZ, article 14): JSON, readable HTML, files.

Nothing of other persons is inside: papers that name a whole delegation are listed by kind, number and date only, things
of the whole delegation go without their file, and proposals that name somebody else stay out.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import Base
from workflow.base.errors import Forbidden, NotFound
from workflow.base.events import Event, record
from workflow.base.files import StoredFile, read_file
from workflow.guests.models import GuestConsent, GuestProposal, GuestScan
from workflow.guests.privacy.erasing import ROWS_OF_MEMBER, Subject, gather
from workflow.guests.privacy.watching import LOOKS
from workflow.guests.rules import ProposalKind
from workflow.papers.models import Paper
from workflow.people.declension.models import NameForm
from workflow.people.models import Passport, Person, PersonPost
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visits.models import Visit

LEFT_OUT = frozenset({
    "lock_version", "name_key", "birth_index", "number_index", "address_index", "name_index", "token_hash",
    "replaced_by_id", "note", "verdicts", "due", "options", "questions", "changes", "position", "text_key",
    "merged_into_id",
})  # fmt: skip
"""Columns that only serve us; `member.note` is a colleague's remark and may name others."""
ABOUT_OTHERS = (ProposalKind.SUBSTITUTE.value, ProposalKind.ADD.value)

Row = dict[str, Any]


@dataclass
class Everything:
    """What is held, by section, and the files."""

    sections: dict[str, list[Row]] = field(default_factory=dict)
    files: list[int] = field(default_factory=list)


def _rows(rows: Sequence[Any], *, but: Sequence[str] = ()) -> list[Row]:
    return [
        {
            column.name: _plain(getattr(row, column.name)) for column in row.__table__.columns
            if column.name not in LEFT_OUT and column.name not in but and not column.name.endswith(("_by", "_file_id"))
            and getattr(row, column.name) not in (None, "", [], {})
        }
        for row in rows
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def collect(session: Session, subject: Subject) -> Everything:
    """Gather what is held of a person, and the files that are the person's own."""
    found = Everything()
    ids, members = subject.ids, subject.member_ids
    cases = session.scalars(select(VisaCase).where(VisaCase.member_id.in_(members)).order_by(VisaCase.id)).all()
    items = session.scalars(
        select(ChecklistItem).where(ChecklistItem.case_id.in_([case.id for case in cases])).order_by(ChecklistItem.id)
    ).all()
    scans = session.scalars(select(GuestScan).where(GuestScan.member_id.in_(members)).order_by(GuestScan.id)).all()
    proposals = session.scalars(
        select(GuestProposal).where(GuestProposal.member_id.in_(members), GuestProposal.kind.not_in(ABOUT_OTHERS))
    ).all()
    visits = session.scalars(select(Visit).where(Visit.id.in_(subject.visit_ids)).order_by(Visit.id)).all()
    others = session.scalars(select(Paper).where(Paper.visit_id.in_(subject.visit_ids)).order_by(Paper.id)).all()
    found.sections = {
        "person": _rows(subject.people),
        "passports": _rows(session.scalars(select(Passport).where(Passport.person_id.in_(ids))).all()),
        "posts": _rows(session.scalars(select(PersonPost).where(PersonPost.person_id.in_(ids))).all()),
        "name_forms": _rows(session.scalars(select(NameForm).where(NameForm.person_id.in_(ids))).all()),
        "visits": [{"id": one.id, "title_ru": one.title_ru, "title_en": one.title_en, "arrival": _plain(one.arrival),
                    "departure": _plain(one.departure)} for one in visits],
        "members": _rows(subject.members),
        "visa_cases": _rows(cases, but=("hand_note", "held_note")),
        "checklist": _rows(items),
        "consents": _rows(session.scalars(select(GuestConsent).where(GuestConsent.member_id.in_(members))).all(),
                          but=("representative",)),
        "proposals": _rows(proposals, but=("told_by",)),
        "papers": [{"id": one.id, "kind": one.kind, "number": one.number, "dated": _plain(one.dated)}
                   for one in others if one.about is None or one.id in {each.id for each in subject.papers}],
        "mails": _rows(subject.mails, but=("key", "attachments", "html")),
        "letters": [*_rows(subject.letters.recipients, but=("problems", "answered_to")),
                    *_rows(subject.letters.outgoing, but=("trouble",)), *_rows(subject.letters.dispatches)],
        "looks": _looks(session, ids),
    }  # fmt: skip
    for name in ROWS_OF_MEMBER:
        table = Base.metadata.tables[name]
        rows = session.execute(select(table).where(table.c.member_id.in_(members))).mappings().all()
        found.sections[name] = [{key: _plain(value) for key, value in row.items()
                                 if value not in (None, "") and key not in LEFT_OUT and not key.endswith("_by_id")}
                                for row in rows]  # fmt: skip
    found.files = [
        *(one.photo_file_id for one in subject.people if one.photo_file_id),
        *(item.file_id for item in items if item.file_id and item.scope == "traveller"),
        *(scan.file_id for scan in scans),
        *(text.pdf_file_id for paper in subject.papers for text in paper.texts if text.pdf_file_id),
    ]
    return found


def _looks(session: Session, person_ids: Sequence[int]) -> list[Row]:
    """When the person's data were shown, and what kind of act it was; who looked is known to the administrator."""
    rows = session.execute(
        select(Event.at, Event.kind).where(Event.subject_kind == "person", Event.subject_id.in_(person_ids),
                                           Event.kind.in_(LOOKS)).order_by(Event.id)
    ).tuples()  # fmt: skip
    return [{"at": at.isoformat(), "kind": kind} for at, kind in rows]


def archive(
    session: Session, actor: Actor, now: datetime, person: Person, *, titles: Mapping[str, str],
    labels: Mapping[str, str], heading: str, language: str,
) -> bytes:  # fmt: skip
    """Pack everything held of a person; that it was taken out is recorded first.

    Raises:
        Forbidden: the actor may not see personal data.
    """
    if not actor.may(Permission.PEOPLE_REVEAL):
        raise Forbidden
    record(session, actor, now, "privacy.person.exported", subject=person, personal=("everything",))
    found = collect(session, gather(session, person))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        names = []
        for number, file_id in enumerate(dict.fromkeys(found.files), start=1):
            try:
                row, data = read_file(session, file_id)
            except NotFound:
                continue
            names.append(_name(number, row))
            packed.writestr(names[-1], data)
        told = {"made_at": now.isoformat(), **found.sections, "files": names}
        packed.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
        packed.writestr("data.html", _page(found, names, titles, labels, heading, language))
    return out.getvalue()


def _name(number: int, row: StoredFile) -> str:
    plain = "".join(ch if ch.isalnum() or ch in "._-" else "_" for ch in row.name)
    return f"files/{number:02d}-{plain}"


def _page(
    found: Everything, files: Sequence[str], titles: Mapping[str, str], labels: Mapping[str, str], heading: str,
    language: str,
) -> str:  # fmt: skip
    """Write the sections as one plain page that any browser opens."""
    body = [f"<h1>{escape(heading)}</h1>"]
    for key, rows in found.sections.items():
        if not rows:
            continue
        body.append(f"<h2>{escape(titles.get(key, key))}</h2>")
        for row in rows:
            cells = "".join(
                f"<tr><th scope='row'>{escape(labels.get(name, name.replace('_', ' ')))}</th>"
                f"<td>{escape(_shown(value))}</td></tr>" for name, value in row.items()
            )  # fmt: skip
            body.append(f"<table>{cells}</table>")
    if files:
        body.append(f"<h2>{escape(titles['files'])}</h2><ul>")
        body += [f"<li><a href='{escape(name)}'>{escape(name)}</a></li>" for name in files]
        body.append("</ul>")
    style = ("body{font:15px/1.45 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
             "table{border-collapse:collapse;margin:0 0 1.2em;width:100%}"
             "th,td{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:top}"
             "th{width:32%;font-weight:normal;background:#f4f4f4}td{white-space:pre-wrap}")
    return (f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'><title>{escape(heading)}</title>"
            f"<style>{style}</style></head><body>{''.join(body)}</body></html>")  # fmt: skip


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_shown(each)}" for key, each in value.items())
    return ", ".join(_shown(each) for each in value) if isinstance(value, list) else str(value)
