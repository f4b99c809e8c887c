"""Templates hold no script, no style and no untranslated word; every one of them can be parsed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes
from jinja2.ext import i18n

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.relative_to(TEMPLATES).parts[0] != "papers")
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "label", "data-confirm", "content"}
NAMES = {"Delegations", "PDF", "DOCX", "XLSX", "CSV", "HTML", "ICS", "JSON", "OpenAPI", "API", "English", "Русский",
         "SHA", "Message", "ID", "УФ"}  # fmt: skip
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"


def environment() -> jinja2.Environment:
    """Jinja as it is needed to parse our templates: with translation blocks."""
    return jinja2.Environment(extensions=[i18n, "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


def literal_html(source: str) -> str:
    """Return what a template writes itself, with a hole for every expression, statement and translated block."""
    env = environment()
    source = re.sub(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", HOLE, source, flags=re.DOTALL)
    parts = []
    for _line, kind, value in env.lex(source):
        if kind == "data":
            parts.append(value)
        elif kind in {"variable_begin", "block_begin"}:
            parts.append(HOLE)
    return "".join(parts)


class Reader(HTMLParser):
    """Collects what a page says in words and what it does inline."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.inline: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at attributes; remember scripts and styles."""
        given = dict(attrs)
        if (tag == "script" and not given.get("src") and given.get("type") != "application/json") or tag == "style":
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (value or "").strip().lower().startswith("javascript:"):
                self.inline.append(f"{tag} {name}")
            if name in SPOKEN and value and not (tag == "meta" and given.get("name") != "description"):
                self.words.append(value)
        self._silent += tag in {"script", "style", "code", "kbd"}

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag whose content is not spoken."""
        self._silent -= tag in {"script", "style", "code", "kbd"} and self._silent > 0

    def handle_data(self, data: str) -> None:
        """Keep the words between tags."""
        if not self._silent:
            self.words.append(data)


def read(source: str) -> Reader:
    """Read a template's own HTML."""
    reader = Reader()
    reader.feed(literal_html(source))
    return reader


def untranslated(source: str) -> list[str]:
    """Name the words that a template says without asking the catalogue."""
    found = []
    for text in read(source).words:
        text = re.sub(r'\s[a-z][a-z-]*="[^"]*"', " ", text)  # noqa: PLW2901 - a macro that writes attributes of a tag
        left = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NAMES]
        if left:
            found.append(" ".join(text.split())[:80])
    return found


def names(paths: list[Path]) -> list[str]:
    """Name templates for a test's report."""
    return [str(path.relative_to(TEMPLATES)) for path in paths]


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_template_parses_and_says_nothing_untranslated(path: Path) -> None:
    source = path.read_text()
    assert isinstance(environment().parse(source), nodes.Template)
    assert untranslated(source) == []


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_template_has_no_inline_script_or_style(path: Path) -> None:
    mail = path.relative_to(TEMPLATES).parts[0] == "emails"  # mail programs read no stylesheets
    inline = read(path.read_text()).inline
    assert [item for item in inline if not (mail and ("style" in item))] == []


@pytest.mark.parametrize(
    ("source", "words", "inline"),
    [
        ("<p>{{ _('Late') }}</p>", [], []),
        ("<p>Late</p>", ["Late"], []),
        ("{% trans %}Late{% endtrans %}", [], []),
        ('<input placeholder="Name">', ["Name"], []),
        ('<a title="{{ _("Open") }}">{{ n }}</a>', [], []),
        ('<p style="color:red">{{ x }}</p>', [], ["p style"]),
        ('<a onclick="go()">{{ x }}</a><script>go()</script>', [], ["a onclick", "<script>"]),
        ('<script src="/static/app.js"></script>', [], []),
    ],
)
def test_template_lint_finds_what_is_planted(source: str, words: list[str], inline: list[str]) -> None:
    assert (untranslated(source), read(source).inline) == (words, inline)


def test_no_text_is_marked_safe_unless_it_is_ours() -> None:
    found = {
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in PAGES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\|\s*safe\b|autoescape\s+false", line)
    }
    assert found == set()
