"""Words a mail from its templates, in the recipient's language, without any web request.

`templates/emails/<kind>.txt` begins with a line "Subject: …", then an empty line, then the text; an `.html` beside it
is optional. Templates see only the values given, `_`, `ngettext` and the filters below.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

from workflow.base.errors import Problem
from workflow.base.languages import translations
from workflow.base.reasons import Reason, Sentence
from workflow.base.registry import Registry

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"

MAIL_SENTENCES: Registry[str] = Registry("sentence")
"""The same table as the web's; filled in `app.py`."""

_base_url: list[str] = []


def use_base_url(url: str) -> None:
    """Set where our pages are reached from outside; once at start."""
    _base_url[:] = [url.rstrip("/")]


def page_address(path: str) -> str:
    """Give the whole address of one of our pages, as mails need it; `address(path)` in their templates."""
    return (_base_url[0] if _base_url else "") + path


@dataclass(frozen=True)
class Composed:
    """A worded mail."""

    subject: str
    text: str
    html: str | None


@cache
def _environment(language: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.filters["day"] = lambda value: format_date(value, "d\u00a0MMMM\u00a0y", locale=language)
    env.filters["moment"] = lambda value, zone: format_datetime(value, "d MMM y, HH:mm", tzinfo=ZoneInfo(zone),
                                                                locale=language)
    env.globals["sentence"] = lambda thing: word(thing, language)
    env.globals["address"] = page_address
    return env


def word(thing: Sentence | Reason | Problem, language: str) -> str:
    """Word a coded sentence in a language, outside any request."""
    shown = {name: _shown(value, language) for name, value in dict(thing.params).items()}
    return translations(language).gettext(MAIL_SENTENCES.get(thing.code)).format(**shown)


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, Sentence):
        return word(value, language)
    if isinstance(value, datetime):
        return format_datetime(value, "d MMM y, HH:mm", tzinfo=ZoneInfo("UTC"), locale=language) + " UTC"
    if isinstance(value, date):
        return format_date(value, "d\u00a0MMMM\u00a0y", locale=language)
    if isinstance(value, dict) and {"ru", "en"} <= set(value):
        first, second = ("ru", "en") if language == "ru" else ("en", "ru")
        return value.get(first) or value.get(second)
    if isinstance(value, list | tuple):
        return ", ".join(str(_shown(item, language)) for item in value)
    return value


def compose(kind: str, language: str, values: dict[str, Any]) -> Composed:
    """Word a mail of *kind*.

    Raises:
        ValueError: the template does not begin with a subject.
        jinja2.UndefinedError: a value is missing.
    """
    known = language if language in ("ru", "en") else "en"
    env = _environment(known)
    rendered = env.get_template(f"emails/{kind}.txt").render(language=known, **values)
    first, _, rest = rendered.partition("\n")
    if not first.startswith("Subject: "):
        raise ValueError(f"templates/emails/{kind}.txt must begin with a line 'Subject: …'")
    try:
        html: str | None = env.get_template(f"emails/{kind}.html").render(language=known, **values)
    except TemplateNotFound:
        html = None
    return Composed(" ".join(first.removeprefix("Subject: ").split()), rest.strip() + "\n", html)
