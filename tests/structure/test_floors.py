"""The floors hold, and the contracts that say so would notice: each is tried with a planted violation."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOORS = "Imports go down only, and rooms on one floor never import each other"
RULES = "rules.py decides without a database, a request or a queue"
BELOW = "base, models, queries and services reach neither Flask nor Celery"


def broken_contracts(folder: Path) -> set[str]:
    """Run import-linter in ``folder`` and name the contracts that it found broken."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(folder)},
    )  # fmt: skip
    found = set(re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE))
    assert (done.returncode == 0) is (not found), done.stdout + done.stderr
    assert re.search(r"Contracts: \d+ kept", done.stdout), done.stdout + done.stderr
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program into which a violation can be planted."""
    ignore = shutil.ignore_patterns("__pycache__", "static", "fonts", "*.po", "*.json", "*.yaml")
    for name in ("workflow", "tasks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_as_they_are_keep_every_contract() -> None:
    assert broken_contracts(ROOT) == set()


@pytest.mark.parametrize(
    ("module", "planted", "broken"),
    [
        ("workflow/base/planted.py", "import workflow.visits\n", FLOORS),
        ("workflow/visas/planted.py", "import workflow.translations\n", FLOORS),
        ("workflow/reminders/planted.py", "import workflow.process\n", FLOORS),
        ("workflow/app_planted/__init__.py", "", None),
        ("workflow/desk/planted.py", "import tasks\n", FLOORS),
        ("workflow/visas/rules.py", "\nimport sqlalchemy\n", RULES),
        ("workflow/translations/rules.py", "\nfrom flask_babel import gettext\n", {RULES, BELOW}),
        ("workflow/base/planted.py", "import celery\n", BELOW),
        ("workflow/visits/service.py", "\nimport workflow.web.planted\n", BELOW),
        ("workflow/people/models.py", "\nfrom flask import g\n", BELOW),
    ],
)
def test_a_planted_import_breaks_its_contract(
    copy: Path, module: str, planted: str, broken: str | set[str] | None
) -> None:
    (copy / "workflow/web/planted.py").write_text("import flask\n")
    path = copy / module
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + planted)
    expected = broken if isinstance(broken, set) else {broken} if broken else set()
    assert broken_contracts(copy) == expected


def test_every_room_stands_on_a_floor() -> None:
    contract = next(
        contract
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        if contract["id"] == "floors"
    )
    named = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    rooms = {f"workflow.{path.parent.name}" for path in (ROOT / "workflow").glob("*/__init__.py")}
    modules = {f"workflow.{path.stem}" for path in (ROOT / "workflow").glob("*.py") if path.stem != "__init__"}
    assert rooms | modules | {"tasks"} == named
