"""All macros on one page, drawn by plain Jinja with a form that was filled in wrongly."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

ROOT = Path(__file__).resolve().parents[2]

PAGE = (Path(__file__).parent / "preview.html").read_text(encoding="utf-8")


@dataclass
class Form:
    """What the web's BoundForm looks like to a template."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)

    files_to_choose_again: tuple[str, ...] = ()

    def drawn(self, name: str, label: str, fid: str) -> None:
        """Hear of a field's label and id."""

    def link_later(self, name: str, text: str) -> Markup:
        """Link a problem to its field at once, as all of them stand under the usual id."""
        return Markup('<a href="#f-{}">{}: {}</a>').format(name, name, text)


def draw(root: str = "") -> str:
    """Draw the page; *root* stands before the address of every asset."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=select_autoescape(["html"], default_for_string=True),
        undefined=StrictUndefined, extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        csrf_token=lambda: "token", asset=lambda name: f"{root}/static/{name}", locale="en", is_demo=True,
        signed_in=True,
        version="0.1", url_for=lambda endpoint, **_: f"/{endpoint}",
        get_flashed_messages=lambda **_: [("success", "Saved."), ("error", "It was not sent.")],
        actor=SimpleNamespace(name="Anna Petrova", account_id=1, may=lambda _p: True, has=lambda _r: True),
        request=None, stage_bar=lambda _visit: [],
        menu=[SimpleNamespace(url="/", endpoint="x", label="Today", icon="house", active=False),
              SimpleNamespace(url="/visits", endpoint="y", label="Visits", icon="list-ul", active=True)],
        days=lambda a, b: f"{a:%d} – {b:%d %B %Y}", where=lambda w: f"/visits/1{w}", sentence=lambda r: r.text,
    )
    environment.filters.update(
        day=lambda d: f"{d:%d %B %Y}", day_short=lambda d: f"{d:%d.%m.%Y}",
    )
    form = Form(
        values={"title": "Kadıköy <b>", "mail": "no", "purpose": "Talks", "direction": "in", "how": "post",
                "langs": ["en"], "starts_on": "2027-02-30", "version": 4},
        errors={"mail": ["Write the address as name@place.org"], "starts_on": ["There is no 30 February."],
                "how": ["Choose one."]},
        theirs={"direction": "out"},
        problems=[("mail", "Write the address as name@place.org"), ("starts_on", "There is no 30 February."),
                  ("how", "Choose one."), ("", "The letter is signed already.")],
    )
    return environment.from_string(PAGE).render(
        form=form, tab="members", day=date(2027, 5, 12), stage=None,
        visit=SimpleNamespace(id=1, title=lambda _language: "Kadıköy: talks on culture", arrival=date(2027, 5, 12),
                              place_in=lambda _language: "Stavropol", departure=date(2027, 5, 15), dates_text="",
                              direction="incoming", standing="postponed", crosses_border=True),
        reasons=[SimpleNamespace(text="The head of the delegation is not named", where="/members"),
                 SimpleNamespace(text="No basis is linked", where=None)],
    )
