"""A plan → HTML for the screen; the same parts in the same order as on paper."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from workflow.papers.plan import Part, Plan

_TAGS = {"b": "strong", "i": "em"}


def _runs(runs: list[list[str]]) -> Markup:
    shown = Markup()
    for text, style in runs:
        if style == "n":
            shown += Markup("<br>")
            continue
        piece = escape(text)
        for letter in style:
            piece = Markup("<{0}>{1}</{0}>").format(_TAGS[letter], piece) if letter in _TAGS else piece
        shown += piece
    return shown


def _lines(lines: list[list[list[str]]]) -> Markup:
    return Markup("<br>").join(_runs(line) for line in lines)


def _letterhead(part: Part) -> Markup:
    lines = part["lines"]
    split = next((at for at, line in enumerate(lines) if [text for text, _ in line] == ["---"]), len(lines))
    return Markup(
        '<header class="paper-letterhead"><p class="paper-names">{}</p><p class="paper-contacts">{}</p></header>'
    ).format(_lines(lines[:split]), _lines(lines[split + 1 :]))


def _items(part: Part) -> Markup:
    rows = Markup().join(
        Markup('<li><span class="paper-label">{}</span> {}</li>').format(item["label"], _runs(item["runs"]))
        for item in part["items"]
    )
    return Markup('<ul class="paper-items">{}</ul>').format(rows)


def _table(part: Part) -> Markup:
    sides = [f"paper-{side}" for side in part["aligns"]]
    head = Markup().join(
        Markup('<th scope="col" class="{}">{}</th>').format(side, _runs(cell["runs"]))
        for side, cell in zip(sides, part["head"], strict=True)
    )
    rows = Markup().join(
        Markup("<tr>{}</tr>").format(
            Markup().join(
                Markup('<td class="{}">{}</td>').format(side, _runs(cell["runs"]))
                for side, cell in zip(sides, row, strict=True)
            )
        )
        for row in part["rows"]
    )
    return Markup('<table class="paper-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(head, rows)


def _signature(part: Part) -> Markup:
    pairs = Markup().join(
        Markup('<p class="paper-pair"><span>{}</span> <span>{}</span></p>').format(_runs(post), _runs(name))
        for post, name in part["pairs"]
    )
    mark = Markup('<p class="paper-mark">{}</p>').format(_lines(part["mark"])) if part.get("mark") else Markup()
    return Markup('<div class="paper-signature">{}{}</div>').format(pairs, mark)


def _row(part: Part) -> Markup:
    if part["argument"] != "order":
        return _plain(part)
    cells = Markup().join(Markup("<span>{}</span>").format(_runs(line)) for line in part["lines"])
    return Markup('<p class="paper-reference paper-row">{}</p>').format(cells)


def _plain(part: Part) -> Markup:
    return Markup('<p class="paper-{}">{}</p>').format(part["kind"], _lines(part["lines"]))


def _card(part: Part) -> Markup:
    shown = Markup().join(Markup('<p class="paper-face">{}</p>').format(_lines(face)) for face in part["faces"] if face)
    return Markup('<div class="paper-card">{}</div>').format(shown)


_DRAW: dict[str, Callable[[Part], Markup]] = {
    "heading": lambda part: Markup("<h{0}>{1}</h{0}>").format(part["level"] + 2, _runs(part["runs"])),
    "paragraph": lambda part: Markup('<p class="paper-text">{}</p>').format(_runs(part["runs"])),
    "items": _items,
    "table": _table,
    "pagebreak": lambda _: Markup('<hr class="paper-break">'),
    "letterhead": _letterhead,
    "head": lambda part: Markup('<div class="paper-head">{}{}</div>').format(
        _row(part["reference"]), _plain(part["addressee"])
    ),
    "signature": _signature,
    "reference": _row,
    "plate": _card,
    "badge": _card,
    "title": lambda part: Markup('<h2 class="paper-title">{}</h2>').format(_lines(part["lines"])),
}


def _part(part: Part) -> Markup:
    return _DRAW.get(part["kind"], _plain)(part)


def to_html(plan: Plan) -> Markup:
    """The paper as one `<article>`; styles come from the application's own sheet."""
    body = Markup().join(_part(part) for part in plan["blocks"])
    tail: dict[str, Any] | None = plan["tail"]
    if tail:
        body += Markup('<footer class="paper-tail"><p>{}</p><p>{}</p></footer>').format(
            _lines(tail["executor"]), _lines(tail["verify"])
        )
    if plan["draft"]:
        body = Markup('<p class="paper-draft">{}</p>').format(plan["labels"]["draft"]) + body
    return Markup('<article class="paper paper-layout-{}" lang="{}">{}</article>').format(
        plan["layout"], plan["language"], body
    )
