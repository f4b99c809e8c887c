"""Forms: pydantic models read from what a browser posts, with every error beside its field.

    form = Form.posted(RequestForm)          # or Form.of(RequestForm, values) for the first showing
    if form.data:
        with form.guarding(act):
            service.do_it(..., form.data)
            return act.to("visits.request", request_id=…)
    return act.page("visits/request_form.html", form.status, form=form)
"""

import types
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from types import TracebackType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from flask import g, has_request_context, request
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from werkzeug.datastructures import MultiDict

from workflow.base.errors import DomainError, Problem, Stale
from workflow.base.unit_of_work import rollback
from workflow.web.doors import Act
from workflow.web.formats import local_moment_value, zone_name
from workflow.web.sentences import say

M = TypeVar("M", bound=BaseModel)


class FormModel(BaseModel):
    """What a form's model inherits: text is stripped, unknown fields (the token, the button) are passed over."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, use_enum_values=False)


CODES = {
    "missing": "base.required",
    "string_too_long": "base.too-long",
    "string_too_short": "base.too-short",
    "date_parsing": "base.not-a-date",
    "date_from_datetime_parsing": "base.not-a-date",
    "date_from_datetime_inexact": "base.not-a-date",
    "date_type": "base.not-a-date",
    "datetime_parsing": "base.not-a-date",
    "datetime_from_date_parsing": "base.not-a-date",
    "datetime_type": "base.not-a-date",
    "int_parsing": "base.not-a-number",
    "int_type": "base.not-a-number",
    "int_parsing_size": "base.not-a-number",
    "int_from_float": "base.not-a-number",
    "float_parsing": "base.not-a-number",
    "enum": "base.not-a-choice",
    "literal_error": "base.not-a-choice",
    "greater_than": "base.out-of-range",
    "greater_than_equal": "base.out-of-range",
    "less_than": "base.out-of-range",
    "less_than_equal": "base.out-of-range",
    "extra_forbidden": "base.unknown-field",
}


def problems_of(error: ValidationError) -> list[Problem]:
    """Turn pydantic's errors into ours: a code for each, never its English sentence."""
    found = []
    for fault in error.errors():
        place = ".".join(str(part) for part in fault["loc"])
        context: dict[str, Any] = dict(fault.get("ctx") or {})
        limit = context.get("max_length", context.get("min_length", ""))
        code = CODES.get(fault["type"], "base.wrong-value")
        if fault["type"] == "string_too_short" and limit == 1:
            code = "base.required"
        raised = context.get("error")
        if isinstance(raised, ValueError) and raised.args and str(raised.args[0]).count(".") == 1:
            code = str(raised.args[0])
        found.append(Problem(place, code, {"limit": limit}))
    return found


class Form(Generic[M]):
    """A form on a page: raw values, errors beside their fields, and the data when everything is right."""

    def __init__(self, model: type[M], values: Mapping[str, Any], data: M | None, problems: list[Problem]) -> None:
        self.model = model
        self.values: dict[str, Any] = dict(values)
        self.data = data
        self.rest: M | None = None
        """What could be read of a form of which something could not: rooms say what else is wrong with it."""
        self.errors: dict[str, list[str]] = {}
        self.problems: list[tuple[str, str]] = []
        self.theirs: dict[str, str] = {}
        self.status = 200
        self._lost_race = False
        self._drawn: dict[str, tuple[Any, str]] = {}
        self._linked: list[tuple[str, str]] = []
        for problem in problems:
            self.add(problem)

    @classmethod
    def of(cls, model: type[M], values: Mapping[str, Any] | BaseModel | object | None = None) -> "Form[M]":
        """Make a form for its first showing, filled from a mapping or from a row's attributes."""
        filled: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            value = values.get(name) if isinstance(values, Mapping) else getattr(values, name, None)
            if value is None and not field.is_required():
                value = field.get_default(call_default_factory=True)
            filled[name] = _raw(value)
        return cls(model, filled, None, [])

    @classmethod
    def posted(cls, model: type[M], fields: MultiDict[str, str] | None = None) -> "Form[M]":
        """Read what the browser posted."""
        posted = request.form if fields is None else fields
        raw: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, field in model.model_fields.items():
            if _is_list(field):
                raw[name] = [value for value in posted.getlist(name) if value.strip()]
            elif name in posted:
                raw[name] = unicodedata.normalize("NFC", posted[name])
            elif _is(field, bool):
                raw[name] = ""
            if isinstance(raw.get(name), str) and any(
                unicodedata.category(ch) in ("Cc", "Cs") and ch not in "\r\n\t" for ch in raw[name]
            ):
                problems.append(Problem(name, "base.control-characters"))
        given = {name: _typed(model.model_fields[name], value) for name, value in raw.items()
                 if not _blank(model.model_fields[name], value)}
        shown = {name: raw.get(name, "") for name in model.model_fields}
        try:
            data = model.model_validate(given)
        except ValidationError as error:
            problems += problems_of(error)
            data = None
        form = cls(model, shown, None if problems else data, problems)
        if problems:
            form.status = 422
            wrong = {problem.field.partition(".")[0] for problem in problems}
            with suppress(ValidationError):
                form.rest = model.model_validate({name: value for name, value in given.items() if name not in wrong})
        return form

    def add(self, problem: Problem) -> None:
        """Put an error beside its field, or above the form when it has none."""
        text = say(problem)
        ours = problem.field in self.model.model_fields or (has_request_context() and problem.field in request.files)
        field = problem.field if ours else ""
        self.errors.setdefault(field, []).append(text)
        self.problems.append((field, text))

    @property
    def files_to_choose_again(self) -> list[str]:
        """The fields whose file came with a form that is refused: a browser forgets it when the form comes back."""
        if not self.problems or not has_request_context():
            return []
        return [name for name, file in request.files.items() if file.filename and name not in self.errors]

    def link_later(self, name: str, text: str) -> Markup:
        """Hold a line's place in the error summary: it stands before the fields, so their labels and ids come later."""
        g.setdefault("unlabelled_forms", {})[id(self)] = self
        self._linked.append((name, text))
        return self._place_of_link(len(self._linked) - 1)

    def drawn(self, name: str, label: Any, fid: str) -> None:
        """Note under which label and id a field is drawn; the first one counts."""
        self._drawn.setdefault(name, (label, fid))

    def with_labels(self, page: str) -> str:
        """Fill a page's error summary: each line says its field's label and leads to it, if the page has it."""
        for number, (name, text) in enumerate(self._linked):
            label, fid = self._drawn.get(name, ("", f"f-{name}"))
            line = Markup("{}: {}").format(label, text) if label else text
            if f'id="{fid}"' in page:
                line = Markup('<a href="#{}">{}</a>').format(fid, line)
            page = page.replace(self._place_of_link(number), escape(line))
        return page

    def _place_of_link(self, number: int) -> Markup:
        return Markup(f"<!--problem {id(self)} {number}-->")  # noqa: S704 — two numbers

    def guarding(self, act: Act) -> "Guard":
        """Run the act; a domain error is undone and put beside its field instead of leaving the page.

        After a lost race, `theirs` holds what somebody else saved and the version field is the current one, so that
        the person sees both values and can save again.
        """
        return Guard(self, act)

    def refuse(self, error: DomainError) -> None:
        """Put a domain error on the form."""
        self.status = error.status
        self.data = None
        for problem in error.problems:
            self.add(problem)
        if isinstance(error, Stale):
            self._lost_race = True
            self.theirs = {name: _told(_raw(value)) for name, value in error.current.items()
                           if _told(_raw(value)) != _told(self.values.get(name, ""))}

    def settle_version(self, version: int) -> None:
        """Carry the row's current version, so that the next save is a knowing one.

        A form that came back for another reason keeps the version it was opened with: what somebody else saved since
        then was not shown on it.
        """
        if self.status == 200 or self._lost_race or not self.values.get("version"):
            self.values["version"] = str(version)


class Guard:
    """Keeps domain errors of an act on its form; what the act had written is undone."""

    def __init__(self, form: Form[Any], act: Act) -> None:
        self._form = form
        self._act = act

    def __enter__(self) -> None:
        """Begin the act."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> bool:
        """Swallow what the form can show, undone; let everything else through."""
        if not isinstance(error, DomainError) or error.status in (403, 404):
            return False
        rollback(self._act.session)
        self._form.refuse(error)
        return True


def _raw(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, datetime):
        return local_moment_value(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [str(getattr(item, "value", item)) for item in value]
    return str(getattr(value, "value", value))


def _told(raw: Any) -> str:
    return ", ".join(raw) if isinstance(raw, list) else str(raw)


def _kinds(field: FieldInfo) -> tuple[Any, ...]:
    annotation = field.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)


def _is(field: FieldInfo, kind: type) -> bool:
    return any(part is kind for part in _kinds(field))


def _is_list(field: FieldInfo) -> bool:
    return any(get_origin(part) is list for part in _kinds(field))


def _blank(field: FieldInfo, value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip() and not _is(field, bool)
    return False


def _typed(field: FieldInfo, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _is(field, bool):
        return text in ("1", "on", "true", "yes")
    if _is(field, datetime):
        return _moment(text)
    if _is(field, date) and len(text) == 10 and text[2] == text[5] == ".":
        return f"{text[6:]}-{text[3:5]}-{text[:2]}"
    return text


def _moment(text: str) -> Any:
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        return text
    return naive.replace(tzinfo=ZoneInfo(zone_name())) if naive.tzinfo is None else naive
