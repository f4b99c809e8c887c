"""Attacks through a wording and through a DOCX template: each is stopped, and the next paper is made."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Client
from tests.papers.authoring.documents import docx, packed, parts
from tests.papers.sample import facts
from workflow.base.actor import Role
from workflow.papers import child, editions
from workflow.papers.authoring.previewing import PREVIEWER
from workflow.papers.composing import RenderError
from workflow.papers.editions import Edition
from workflow.papers.engine import Renderer

SECONDS = 2.0
DRAFT = {**facts(), "paper": {"status": "draft"}}


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer(seconds=20.0)
    made.render(by_wording("тепло"), DRAFT, "html")
    made.render(by_template("тепло"), DRAFT, "docx")
    made.seconds = SECONDS
    yield made
    made.close()


def by_wording(text: str) -> Edition:
    return editions.edition("invitation", "ru", wording=text)


def by_template(text: str) -> Edition:
    """As though a template had come past the check: what stops it is the sandbox and the limits alone."""
    return Edition("invitation", "ru", "x", "letter", "x", template=docx(text))


WAYS: dict[str, tuple[Callable[[str], Edition], Any]] = {"wording": (by_wording, "html"), "docx": (by_template, "docx")}
ATTACKS = {
    "attributes": ("{{ visit.__class__.__mro__ }}", {"forbidden", ""}),
    "attributes of a text": ("{{ ''.__class__.__base__.__subclasses__() }}", {"forbidden"}),
    "attributes by filter": ("{{ visit|attr('__class__') }}", {"filter-unknown", "syntax"}),
    "attributes by item": ("{{ visit.title['__class__'] }}", {"forbidden"}),
    "globals of a helper": ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", {"forbidden", ""}),
    "globals of the loop": ("{% for a in delegation.members %}{{ loop._undefined }}{% endfor %}", {"forbidden"}),
    "a call": ("{{ visit.title.upper() }}", {"forbidden"}),
    "a read of a file": ("{% include '/etc/passwd' %}", {"forbidden", "failed"}),
    "an import": ("{% import '/etc/passwd' as a %}", {"forbidden", "failed"}),
    "multiplied strings": ("{{ 'a' * 10000000000 }}", {"forbidden"}),
    "powers": ("{{ 9 ** 9 ** 9 }}", {"forbidden"}),
    "a format": ("{{ '%999999999d' % 1 }}", {"forbidden"}),
    "a filter that pads": ("{{ 'a'|center(10000000000) }}", {"filter-unknown", "syntax"}),
    "a filter that indents": ("{{ 'a'|indent(10000000000) }}", {"filter-unknown", "syntax"}),
    "a filter that formats": ("{{ '%999999999d'|format(1) }}", {"filter-unknown", "syntax"}),
    "a replaced string": ("{{ 'aa'|replace('a', 'aaaa') }}", {"filter-unknown", "syntax"}),
    "a range": ("{% for a in range(10000000000) %}x{% endfor %}", {"forbidden", ""}),
    "strings that double to 10 GB": (
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 30 + "{{ a }}", {"memory", "died", "too-long", "time"},
    ),
    "loops in loops": (
        "{% for a in delegation.members %}" * 19 + "x" + "{% endfor %}" * 19, {"time", "too-long", "syntax"},
    ),
    "brackets without end": ("{{ " + "(" * 20_000 + ")" * 20_000 + " }}", {"too-deep", "syntax", "failed", "died"}),
}  # fmt: skip


def outcome(run: Callable[[], Any]) -> tuple[str, Any]:
    """What came of it: the code of the error, or nothing and the result."""
    try:
        return "", run()
    except RenderError as wrong:
        return wrong.code, None


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("attack", list(ATTACKS))
def test_attack_is_stopped_and_the_next_paper_is_made(renderer: Renderer, attack: str, way: str) -> None:
    build, form = WAYS[way]
    text, codes = ATTACKS[attack]
    edition = build(text)
    began = time.monotonic()
    code, made = outcome(lambda: renderer.render(edition, DRAFT, form))
    assert code in codes
    if made is not None:
        assert made.unknown or made.missing
        assert b"root:" not in made.data
        assert b"uid=" not in made.data
    assert time.monotonic() - began < SECONDS + 3
    renderer.seconds = 20.0
    assert "Всё".encode() in renderer.render(by_wording("Всё идёт."), DRAFT, "html").data
    renderer.seconds = SECONDS


@pytest.mark.parametrize("data", [
    b"PK\x03\x04 damaged", packed({**parts(docx("x")), "word/media/a.png": b"\0" * 70_000_000}),
    packed({**parts(docx("x")), "word/document.xml":
            b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'}),
])  # fmt: skip
def test_hostile_file_is_refused_in_the_child(renderer: Renderer, data: bytes) -> None:
    with pytest.raises(RenderError, match="template-"):
        renderer.examine(data, "invitation")
    assert renderer.examine(docx("{{ visit.title }}"), "invitation").faults == ()


def test_pattern_that_runs_for_ever_over_a_file_is_killed(renderer: Renderer) -> None:
    bomb = docx("{% vm %}" * 3000, "{% hm %}" * 3000, "{%tr " * 3000)
    assert outcome(lambda: renderer.examine(bomb, "invitation"))[0] in {"", "time", "failed", "memory", "died"}
    renderer.seconds = 20.0
    assert renderer.examine(docx("{{ visit.title }}"), "invitation").faults == ()
    renderer.seconds = SECONDS


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ("open", ("/etc/passwd", "r", 0)),
        ("open", ("/proc/self/environ", "r", 0)),
        ("open", (str(Path(child.__file__)), "w", 1)),
        ("os.listdir", ("/home",)),
        ("socket.connect", ("x", ("127.0.0.1", 80))),
        ("subprocess.Popen", ("id", [], None, None)),
        ("os.system", ("id",)),
    ],
)
def test_second_wall_refuses_what_no_paper_needs(event: str, given: tuple[Any, ...]) -> None:
    with pytest.raises(PermissionError):
        child.watch(event, given)


def test_second_wall_lets_the_program_read_its_own_files() -> None:
    child.watch("open", (str(Path(child.__file__)), "r", 0))
    child.watch("open", (3, "r", 0))


def test_web_goes_on_while_somebody_previews_an_endless_loop(client_as: Callable[..., Client]) -> None:
    browser = client_as(Role.COORDINATOR)
    seconds, PREVIEWER.seconds = PREVIEWER.seconds, SECONDS
    try:
        loops = "{% for a in '" + "x" * 200 + "' %}"
        endless = loops * 6 + "{% endfor %}" * 6
        answer = browser.post("/wordings/invitation/ru/preview", {"text": endless}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "Документ готовился слишком долго и был остановлен." in answer.get_data(as_text=True)
        answer = browser.post("/wordings/invitation/ru/preview", {"text": "Всё идёт."}, headers={"HX-Request": "true"})
        assert "Всё идёт." in answer.get_data(as_text=True)
        assert browser.get("/wordings").status_code == 200
    finally:
        PREVIEWER.seconds = seconds
