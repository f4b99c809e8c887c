"""Pages of the import of a list: hand in, columns, rows, comparison, result; and the blank list to send out."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import flash, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from workflow.base.actor import Permission
from workflow.base.errors import DomainError, NotFound
from workflow.base.files import DOCX, XLSX
from workflow.base.unit_of_work import rollback
from workflow.knowledge.countries import country_choices, country_name
from workflow.office.queries import our_country
from workflow.people.models import PassportType, Sex
from workflow.visits.lists import service
from workflow.visits.lists.blank import LANGUAGES, blank_list
from workflow.visits.lists.blank_word import blank_document
from workflow.visits.lists.columns import FIELDS, HEADING_ROWS
from workflow.visits.lists.comparing import Change, Comparison
from workflow.visits.lists.entering import KEEP, REMOVE, REPLACED
from workflow.visits.lists.queries import (
    blank_language,
    double_bookings,
    get_list,
    lists_of,
    named_before,
    other_visits,
)
from workflow.visits.models import MemberList, Visit
from workflow.visits.queries import get_visit, members
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.formats import day, language
from workflow.web.forms import Form, FormModel

door = Door("lists", __name__)
WRITE = needs(Permission.PEOPLE_WRITE)
HERE = "/visits/<int:visit_id>/members/import"
PAGE = 100
MOST_SHOWN = 500
MOST_CHOICES = 60
_CELL = re.compile(r"cell-(\d{1,6})-([a-z_]{1,20})")
_LEAVING = re.compile(r"leaving-(\d{1,18})")


class UploadForm(FormModel):
    """The file is read apart; this carries its errors."""

    file: str = ""


class ColumnsForm(FormModel):
    """The mapping is read apart; this carries its errors."""

    columns: str = ""
    head: str = ""


@door.get(HERE, WRITE)
def upload(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show where a list is handed in and the blank list fetched."""
    return _upload_page(act, visit_id, Form.of(UploadForm))


def _upload_page(act: Act, visit_id: int, form: Form[UploadForm]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    return act.page("lists/upload.html", form.status, visit=visit, tab="members", form=form, blanks=LANGUAGES,
                    blank_language=blank_language(act.session, visit, list(LANGUAGES)),
                    lists=lists_of(act.session, visit_id))  # fmt: skip


@door.post(HERE, WRITE, endpoint="receive")
def receive(act: Act, visit_id: int) -> ResponseReturnValue:
    """Take a list in and go on to its columns."""
    form = Form.of(UploadForm)
    visit = get_visit(act.session, act.actor, visit_id)
    sent = uploaded("file")
    if sent is None:
        form.status = 422
        form.errors["file"] = [_("Choose a file.")]
        form.problems.append(("file", _("Choose a file.")))
        return _upload_page(act, visit_id, form)
    with form.guarding(act):
        found = service.receive_list(act.session, act.actor, act.now, visit, sent)
        return act.to("lists.columns", visit_id=visit_id, list_id=found.id)
    return _upload_page(act, visit_id, form)


@door.get(HERE + "/blank/<blank>", WRITE)
def blank(act: Act, visit_id: int, blank: str) -> ResponseReturnValue:
    """Give the blank list in a language, as XLSX or DOCX."""
    get_visit(act.session, act.actor, visit_id)
    return blank_file(blank)


def blank_file(name: str) -> Response:
    """Give the blank list of a name such as "zh.docx"; "zh" alone is the workbook.

    Raises:
        NotFound: no such language or form.
    """
    code, _dot, suffix = name.partition(".")
    if code not in LANGUAGES or suffix not in ("", "xlsx", "docx"):
        raise NotFound("list")
    made, mime = (blank_document(code), DOCX) if suffix == "docx" else (blank_list(code), XLSX)
    return send_file(BytesIO(made), mimetype=mime, as_attachment=True,
                     download_name=f"delegation-{code}.{suffix or 'xlsx'}")  # fmt: skip


def _load(act: Act, visit_id: int, list_id: int) -> tuple[Visit, MemberList]:
    return get_visit(act.session, act.actor, visit_id), get_list(act.session, act.actor, visit_id, list_id)


def _elsewhere(act: Act, visit_id: int, found: MemberList) -> Response | None:
    """Send whoever opens a list that is no longer in preview to where it stands now."""
    if found.state == "imported":
        return act.to("lists.result", visit_id=visit_id, list_id=found.id)
    if found.state == "dropped":
        return act.to("lists.upload", visit_id=visit_id)
    return None


@door.get(HERE + "/<int:list_id>/columns", WRITE)
def columns(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Show which column was taken for what."""
    _visit, found = _load(act, visit_id, list_id)
    return _elsewhere(act, visit_id, found) or _columns_page(act, visit_id, list_id, Form.of(ColumnsForm))


def _columns_page(act: Act, visit_id: int, list_id: int, form: Form[ColumnsForm]) -> ResponseReturnValue:
    visit, found = _load(act, visit_id, list_id)
    sheet = service.open_sheet(found)
    rows = sheet.table.rows
    first = sheet.headings.first
    chosen: Mapping[str, str] = found.mapping["columns"]
    if form.status >= 400:
        chosen = _answers("column-")
    columns_shown = [
        {"number": at, "letter": _letter(at),
         "heading": sheet.headings.texts[at] if at < len(sheet.headings.texts) else "",
         "chosen": chosen.get(str(at), ""),
         "samples": [text for text in dict.fromkeys(row[at] for row in rows[first : first + 6]) if text][:3]}
        for at in range(len(rows[0]) if rows else 0)
    ]  # fmt: skip
    return act.page("lists/columns.html", form.status, visit=visit, tab="members", form=form, found=found, sheet=sheet,
                    columns=columns_shown, fields=_fields(), head=found.mapping.get("head", ""),
                    heading_rows=[(at, _row_start(row)) for at, row in enumerate(rows[:HEADING_ROWS]) if any(row)]
                    )  # fmt: skip


def _letter(at: int) -> str:
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def _row_start(row: tuple[str, ...]) -> str:
    return " · ".join(dict.fromkeys(cell[:30] for cell in row if cell))[:90]


def _fields() -> dict[str, str]:
    return {name: _(label) for name, label in FIELDS.items()}


@door.post(HERE + "/<int:list_id>/place", WRITE)
def place(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Take another sheet or row of headings."""
    form = Form.of(ColumnsForm)
    _visit, found = _load(act, visit_id, list_id)
    with form.guarding(act):
        row = _number("row")
        service.set_place(act.session, found, _number("version"), table=_number("table") or 0,
                          row=None if row is None or row < 0 else row)  # fmt: skip
        return act.to("lists.columns", visit_id=visit_id, list_id=list_id)
    return _columns_page(act, visit_id, list_id, form)


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else None


@door.post(HERE + "/<int:list_id>/columns", WRITE, endpoint="set_columns")
def set_columns(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Take the mapping and go on to the rows."""
    form = Form.posted(ColumnsForm)
    _visit, found = _load(act, visit_id, list_id)
    with form.guarding(act):
        service.set_columns(
            act.session, found, _number("version"), columns=_answers("column-"), orders=found.mapping["orders"],
            names=found.mapping["names"], head=request.form.get("head", ""),
        )  # fmt: skip
        return act.to("lists.rows", visit_id=visit_id, list_id=list_id)
    return _columns_page(act, visit_id, list_id, form)


@door.get(HERE + "/<int:list_id>", WRITE)
def rows(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Show every row as judged, a hundred to a page; those to correct first."""
    visit, found = _load(act, visit_id, list_id)
    elsewhere = _elsewhere(act, visit_id, found)
    if elsewhere is not None:
        return elsewhere
    sheet, judged, comparison = service.compare_list(act.session, found, visit, act.now)
    flawed = [row for row in judged.rows if row.bad or any(not mark.grave for mark in row.marks)]
    asked = request.args.get("show", "")
    show = asked if asked in ("bad", "all", "out") else "bad" if judged.bad else "all"
    chosen = {"bad": flawed, "all": judged.rows, "out": [row for row in judged.rows if not row.kept]}[show]
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(1, request.args.get("page", 1, int)), pages)
    return act.page("lists/rows.html", visit=visit, tab="members", found=found, sheet=sheet, judged=judged, show=show,
                    rows=chosen[(page - 1) * PAGE : page * PAGE], page=page, pages=pages, flawed=len(flawed),
                    columns=[(name, label) for name, label in _fields().items() if name in _mapped(found)],
                    editing=request.args.get("edit", -1, int), clean=_clean, choices=_choices(),
                    known={match.row.index: match for match in comparison.matches if match.person is not None},
                    clashes=_clashes(act, visit, comparison), name_labels=_fields(),
                    countries=[(one.code, one.name) for one in country_choices(language())],
                    proposed=our_country(act.session) if visit.direction == "outgoing" else visit.country)  # fmt: skip


def _mapped(found: MemberList) -> set[str]:
    return set(found.mapping["columns"].values())


def _clean(text: str) -> str:
    """Give a cell's text for its input: what no input can hold is left out, for a person to look at and save."""
    return "".join(letter if letter.isprintable() else " " if letter in "\n\t" else "" for letter in text)


def _choices() -> dict[str, list[str]]:
    sexes = [_("male"), _("female")]
    kinds = [_("ordinary"), _("service"), _("diplomatic"), _("internal")]
    return {"sex": sexes, "passport_type": kinds, "citizenship": [], "head": [_("yes"), _("no")]}


def _clashes(act: Act, visit: Visit, comparison: Comparison) -> dict[int, list[Visit]]:
    booked = double_bookings(act.session, act.actor, visit, comparison)
    return {match.row.index: booked[match.person.id] for match in comparison.matches
            if match.person is not None and match.person.id in booked and match.row.kept}  # fmt: skip


@door.post(HERE + "/<int:list_id>", WRITE, endpoint="correct")
def correct(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Save corrected cells, ticks and answers; judge again, or go on to the comparison."""
    visit, found = _load(act, visit_id, list_id)
    cells = {(int(part[1]), part[2]): value.strip() for name, value in request.form.items()
             if (part := _CELL.fullmatch(name))}  # fmt: skip
    shown = [int(text) for text in request.form.getlist("shown") if text.isdecimal() and len(text) < 7]
    kept = [int(text) for text in request.form.getlist("keep") if text.isdecimal() and len(text) < 7]
    service.correct_rows(act.session, found, _number("version"), cells=cells, shown=shown, kept=kept)
    service.set_orders(act.session, found, _answers("order-"), _answers("names-"), numbers=_answers("numbers-"),
                       citizenship=request.form.get("citizenship"))  # fmt: skip
    _sheet, judged, _comparison = service.compare_list(act.session, found, visit, act.now)
    left = len(judged.bad)
    if left:
        flash(ngettext("Saved. %(num)d row still needs correcting.",
                       "Saved. %(num)d rows still need correcting.", left), "warning")  # fmt: skip
        return act.to("lists.rows", visit_id=visit_id, list_id=list_id, show="bad")
    if request.form.get("then") == "compare":
        return act.to("lists.comparison", visit_id=visit_id, list_id=list_id)
    flash(_("Saved. Every ticked row can be imported."))
    return act.to("lists.rows", visit_id=visit_id, list_id=list_id, show="all", page=_number("page") or 1)


def _answers(prefix: str) -> dict[str, str]:
    given = request.form.items()
    return {name.removeprefix(prefix): value for name, value in given if name.startswith(prefix) and value}


@door.get(HERE + "/<int:list_id>/compare", WRITE)
def comparison(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Show what an import would do before it is done."""
    _visit, found = _load(act, visit_id, list_id)
    return _elsewhere(act, visit_id, found) or _compare_page(act, visit_id, list_id)


def _compare_page(act: Act, visit_id: int, list_id: int, error: DomainError | None = None) -> ResponseReturnValue:
    visit, found = _load(act, visit_id, list_id)
    _sheet, judged, compared = service.compare_list(act.session, found, visit, act.now)
    named = named_before(act.session, visit_id)
    leaving = {member.id: request.form.get(f"leaving-{member.id}", REMOVE if member.id in named else KEEP)
               for member in compared.removed}  # fmt: skip
    return act.page("lists/compare.html", error.status if error else 200, visit=visit, tab="members", found=found,
                    judged=judged, compared=compared, leaving=leaving, error=error, named=named,
                    most=MOST_SHOWN, clashes=_clashes(act, visit, compared), labels=_change_labels(), word=_word,
                    successors=[(f"{REPLACED}{match.row.index}", match.row.shown_name) for match in compared.added]
                    if len(compared.added) <= MOST_CHOICES else [])  # fmt: skip


def _change_labels() -> dict[str, str]:
    return _fields() | {
        "latin_family": _("Family name as in the passport"), "latin_given": _("Given names as in the passport"),
        "russian_family": _("Russian family name"), "russian_given": _("Russian given name"),
        "russian_patronymic": _("Russian patronymic"), "native_family": _("Family name in its own script"),
        "native_given": _("Given names in its own script"), "citizenships": _("Citizenship"),
        "birth_place_latin": _("Place of birth, in Latin letters"),
        "post_ru": _("Post in Russian"), "post_en": _("Post in English"),
        "organisation_ru": _("Organisation in Russian"), "organisation_en": _("Organisation in English"),
    }  # fmt: skip


def _word(change: Change, value: Any) -> str:
    """Word one side of a change."""
    if value in ("", None, []):
        return "—"
    words: dict[str, str] = {Sex.MALE: _("male"), Sex.FEMALE: _("female"), PassportType.ORDINARY: _("ordinary"),
                             PassportType.SERVICE: _("service"), PassportType.DIPLOMATIC: _("diplomatic"),
                             PassportType.INTERNAL: _("internal"), "yes": _("yes"), "unknown": "—"}  # fmt: skip
    if change.field == "citizenships":
        return ", ".join(country_name(code, language()) for code in value)
    if change.field in ("issued_on", "expires_on"):
        return day(value)
    return words.get(str(value), str(value)) if change.field in ("sex", "passport_type", "head") else str(value)


@door.post(HERE + "/<int:list_id>/import", WRITE, endpoint="do_import")
def do_import(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Import the list as compared, all of it or nothing."""
    visit = get_visit(act.session, act.actor, visit_id, for_update=True)
    found = get_list(act.session, act.actor, visit_id, list_id)
    if found.state == "imported":
        return act.to("lists.result", visit_id=visit_id, list_id=list_id)
    leaving = {int(part[1]): value for name, value in request.form.items() if (part := _LEAVING.fullmatch(name))}
    try:
        service.import_list(act.session, act.actor, act.now, visit, found, version=_number("version"),
                            seen=request.form.get("seen", ""), leaving=leaving,
                            reason=_("Not in the partner's changed list"))  # fmt: skip
    except DomainError as error:
        rollback(act.session)
        if error.status in (403, 404) or error.code in ("visits.list-dropped", "visits.visit-over"):
            raise
        return _compare_page(act, visit_id, list_id, error)
    flash(_("The list is imported."))
    return act.to("lists.result", visit_id=visit_id, list_id=list_id)


@door.get(HERE + "/<int:list_id>/result", WRITE)
def result(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Show what an import did, and who is in two places on one date now."""
    visit, found = _load(act, visit_id, list_id)
    if not found.result:
        raise NotFound("list")
    booked: dict[int, list[Visit]] = {}
    people = {member.person_id: member.person for member in members(act.session, visit_id)}
    if visit.arrival and visit.departure:
        booked = other_visits(act.session, act.actor, visit, people, visit.arrival, visit.departure)
    return act.page("lists/result.html", visit=visit, tab="members", found=found, done=found.result,
                    clashes=[(people[person_id], visits) for person_id, visits in booked.items()])  # fmt: skip


@door.post(HERE + "/<int:list_id>/drop", WRITE)
def drop(act: Act, visit_id: int, list_id: int) -> ResponseReturnValue:
    """Throw a list away without importing it."""
    _visit, found = _load(act, visit_id, list_id)
    service.drop_list(act.session, act.actor, act.now, found)
    flash(_("The list is dropped; nobody was entered."))
    return act.to("lists.upload", visit_id=visit_id)

