"""Every code that can reach a person has a sentence: errors, reasons, problems and events."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

from tests.structure.test_shape import modules
from workflow.base import errors

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"[a-z][a-z_]*(\.[a-z0-9_-]+)+")
ERRORS = {
    name
    for name, thing in vars(errors).items()
    if isinstance(thing, type) and issubclass(thing, errors.DomainError) and thing is not errors.NotFound
}
CODE_AT = {**dict.fromkeys(ERRORS, 0), "Reason": 0, "Sentence": 0, "Problem": 1}


@cache
def sentences() -> dict[str, str]:
    """Join every room's sentences; the same code in two rooms is an error."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.glob("workflow/**/sentences.py")):
        if path == ROOT / "workflow/web/sentences.py":
            continue  # the table itself
        room = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        doubled = found.keys() & room.SENTENCES.keys()
        assert not doubled, f"{path}: {doubled}"
        found.update(room.SENTENCES)
    return found


def said_codes(path: str, tree: ast.Module) -> set[tuple[str, str]]:
    """Find the codes that a module hands to errors, reasons, problems and events: (code, place)."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        position = 3 if called in {"events.record", "record"} else CODE_AT.get(called.rpartition(".")[2])
        if position is None:
            continue
        given = node.args[position] if len(node.args) > position else None
        given = next((item.value for item in node.keywords if item.arg in {"code", "kind"}), given)
        options = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
        found |= {
            (option.value, f"{path}:{node.lineno}")
            for option in options
            if isinstance(option, ast.Constant) and isinstance(option.value, str) and CODE.fullmatch(option.value)
        }
    return found


def test_every_code_has_a_sentence() -> None:
    said = {pair for path, tree in modules().items() for pair in said_codes(path, tree)}
    assert {code: place for code, place in sorted(said) if code not in sentences()} == {}


def test_every_sentence_belongs_to_its_room() -> None:
    rooms = {path.parent.name for place in ("*", "*/*") for path in ROOT.glob(f"workflow/{place}/__init__.py")}
    assert {code for code in sentences() if code.split(".")[0] not in rooms} == set()


def test_code_search_finds_what_is_planted() -> None:
    tree = ast.parse(
        'raise Conflict("visits.gone")\n'
        'Problem("name", "people.bad")\n'
        'events.record(session, actor, now, "visits.visit.opened", subject=visit)\n'
        'Reason(code="visas.none")\n'
        'raise Invalid("a.one" if x else "a.two")\n'
    )
    assert {code for code, _ in said_codes("x", tree)} == {
        "visits.gone", "people.bad", "visits.visit.opened", "visas.none", "a.one", "a.two",
    }  # fmt: skip
