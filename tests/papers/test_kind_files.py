"""Whoever adds a kind of paper is told by file and line what is wrong with it."""

from pathlib import Path

import pytest

from workflow.knowledge.lined_yaml import InvalidFilesError
from workflow.papers import editions

GOOD = """titles: {ru: Поздравление, en: Congratulation}
sections: [office, partner]
languages: [ru]
official: true
"""


@pytest.mark.parametrize(("told", "wording", "said"), [
    (GOOD.replace("official: true\n", ""), "Текст", "congratulation/kind.yaml:1: official: Field required"),
    (GOOD + "layout: poster\n", "Текст", "congratulation/kind.yaml:5: layout: Input should be"),
    (GOOD + "series: outgoing\n", "Текст", "congratulation/kind.yaml:5: series: a paper with a series says `numbered:"),
    (GOOD.replace("[ru]", "[ru, en]"), "Текст", "congratulation/kind.yaml:3: languages: there is no wording en.md"),
    (GOOD, "Текст\n\n{% if partner %}\n", "congratulation/ru.md:3: Unexpected end of template"),
    (GOOD.replace("[office", "[ofice"), "Текст", "congratulation/kind.yaml:1: sections: nobody collects the facts `of"),
])
def test_fault_of_a_kind_is_named_by_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, wording: str, said: str
) -> None:
    folder = tmp_path / "congratulation"
    folder.mkdir()
    (folder / "kind.yaml").write_text(told, encoding="utf-8")
    (folder / "ru.md").write_text(wording, encoding="utf-8")
    monkeypatch.setattr(editions, "WORDINGS", tmp_path)
    monkeypatch.setattr(editions, "kinds", editions.kinds.__wrapped__)
    with pytest.raises(InvalidFilesError) as refused:
        editions.expect_known_sections({"office", "partner"})
    assert str(refused.value).startswith(said)


def test_kind_without_fault_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "congratulation"
    folder.mkdir()
    (folder / "kind.yaml").write_text(GOOD + "numbered: true\nseries: outgoing\n", encoding="utf-8")
    (folder / "ru.md").write_text("Поздравляем, {{ partner.name }}!", encoding="utf-8")
    monkeypatch.setattr(editions, "WORDINGS", tmp_path)
    assert editions.kinds.__wrapped__()["congratulation"].series == "outgoing"
