"""The shape of the code: one place commits, one reads the clock, no junk drawers, no imports inside functions."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JUNK = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "lib"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


@cache
def modules() -> dict[str, ast.Module]:
    """Parse every module of the program once: path → tree."""
    paths = [path for top in ("workflow", "tasks") for path in sorted((ROOT / top).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(), str(path)) for path in paths}


def calls(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Yield every call of an attribute as (what it is called on, attribute, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            value = node.func.value
            owner = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
            yield owner, node.func.attr, node.lineno


def test_commit_stands_in_one_file() -> None:
    found = {
        f"{path}:{line}"
        for path, tree in modules().items()
        for owner, attribute, line in calls(tree)
        if attribute == "commit" and owner != "unit_of_work" and path != "workflow/base/unit_of_work.py"
    }
    assert found == set()


def test_clock_is_read_in_one_file() -> None:
    found = {
        f"{path}:{line}"
        for path, tree in modules().items()
        for owner, attribute, line in calls(tree)
        if (owner, attribute) in CLOCKS and path != "workflow/base/clock.py"
    }
    assert found == set()


IN_UTC = {"workflow/cli/visas.py", "workflow/demo/travellers.py"}
"""Where no office is asked for its zone: a command that reads files only, and invented passports."""


def test_days_are_read_off_in_a_zone() -> None:
    """`now.date()` is yesterday for whoever works in Stavropol after midnight: `clock.local_date` asks where."""
    found = {
        f"{path}:{line}"
        for path, tree in modules().items()
        for owner, attribute, line in calls(tree)
        if attribute == "date" and re.search(r"^(now|cutoff|moment)$|_at$|^$", owner) and path not in IN_UTC
        and path != "workflow/base/clock.py"
    }
    years = {
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"year", "month", "day"}
        and getattr(node.value, "id", getattr(node.value, "attr", "")) == "now"
        and not path.startswith("workflow/demo/")
    }  # fmt: skip
    assert found | years == set()


def test_models_store_no_naive_time() -> None:
    found = {
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if path != "workflow/base/database.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in {"DateTime", "TIMESTAMP"}
    }
    assert found == set()


def test_modules_stay_under_400_lines() -> None:
    long = {path: lines for path in modules() if (lines := len((ROOT / path).read_text().splitlines())) > 400}
    assert long == {}


def test_imports_stand_at_the_top() -> None:
    found = {
        f"{path}:{inner.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    assert found == set()


def test_no_module_is_a_junk_drawer() -> None:
    assert {path for path in modules() if Path(path).stem in JUNK or Path(path).parent.name in JUNK} == set()


def defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield what a module defines at its top, but what a decorator hands on and what Python itself calls."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
            yield node.name, node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((each.id, node.lineno) for each in targets if isinstance(each, ast.Name))


def words_of(*tops: str) -> Counter[str]:
    """Count every word of programs, templates and packs: names reach rooms as strings too."""
    kinds = {".py", ".html", ".txt", ".md", ".yaml", ".toml"}
    paths = [path for top in tops for path in (ROOT / top).rglob("*") if path.suffix in kinds and path.is_file()]
    return Counter(word for path in [*paths, ROOT / "pyproject.toml"] for word in re.findall(r"\w+", path.read_text()))


def test_nothing_is_defined_that_nobody_uses() -> None:
    said = words_of("workflow", "tasks", "templates", "tests")
    unused = {
        f"{path}:{line} {name}"
        for path, tree in modules().items()
        for name, line in defined(tree)
        if said[name] == 1 and not name.startswith("__")
    }
    assert unused == set()


def test_search_for_definitions_finds_what_is_planted() -> None:
    tree = ast.parse('def lonely(): ...\nLEFT: int = 1\nOVER = 2\n@door.get("/")\ndef page(): ...\nclass Empty: ...\n')
    assert [name for name, _line in defined(tree)] == ["lonely", "LEFT", "OVER", "Empty"]
