"""The rule files: what is shipped loads, and what is wrong is told all at once, with file and line."""

from pathlib import Path

import pytest

from workflow.knowledge.lined_yaml import InvalidFilesError, read_lined_yaml
from workflow.knowledge.visa_rule_files import load_rule_texts, load_rules

PACKS = Path(__file__).parents[2] / "workflow" / "packs"

RULE = """
groups:
  NEAR: [AM, XA-ABK]
rules:
- id: out.test
  version: 1
  status: draft
  kind: base
  title: {ru: "Проба", en: "Trial"}
  applies_to: {direction: outbound, destination: [TR], nationality: {group: NEAR}, passport_type: any, purpose: any}
  outcome: visa_free
  items:
    - {code: passport, title: {ru: "Паспорт", en: "Passport"}, kind: upload, scope: traveller, required: true}
  sources: [{title: "A source", url: "", tier: official}]
  as_of: 2026-01-01
  review_by: 2026-12-31
  confidence: high
"""


def problems_of(*texts: str) -> list[str]:
    with pytest.raises(InvalidFilesError) as caught:
        load_rule_texts((f"file{number}.yaml", text) for number, text in enumerate(texts, start=1))
    return [f"{each.file}:{each.line} {each.where}" for each in caught.value.problems]


def test_shipped_packs_load() -> None:
    russian = load_rules(PACKS / "ru-municipal" / "visas")
    assert sorted(rule.id for rule in russian.rules) == [
        "in.ru.cn.visa-free",
        "in.ru.evisa",
        "in.ru.ordinary.mvd-invitation",
        "in.ru.service-visa",
        "in.ru.visa-free",
        "out.abkhazia.internal-passport",
        "out.am.visa-free",
        "out.cn.visa-free-30",
        "out.schengen.c",
        "out.tr.visa-free-60",
        "overlay.ru-minor.exit",
    ]
    assert {name: len(codes) for name, codes in russian.groups.items()} == {
        "SCHENGEN": 29,
        "RU_EVISA_64": 64,
        "RU_VISA_FREE_SAMPLE": 11,
    }
    assert {rule.status for rule in russian.rules} == {"draft"}
    assert "NO" in russian.groups["SCHENGEN"]
    assert "XA-ABK" in russian.groups["RU_VISA_FREE_SAMPLE"]
    assert {name: doubt.lacks for name, doubt in russian.group_doubts.items()} == {
        "RU_VISA_FREE_SAMPLE": True, "RU_EVISA_64": False}  # fmt: skip
    assert russian.areas == ("SCHENGEN",)
    assert load_rules(PACKS / "generic" / "visas").rules == ()


def test_good_rule_loads() -> None:
    assert [rule.id for rule in load_rule_texts([("one.yaml", RULE)]).rules] == ["out.test"]


def test_unquoted_norway_is_refused_with_its_line() -> None:
    assert problems_of(RULE.replace("[AM, XA-ABK]", "[AM, NO]")) == ["file1.yaml:3 groups.NEAR.1"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("status: draft", "status: draft\n  colour: red", "file1.yaml:8 rules.0.colour"),
        ("[TR]", "[AB]", "file1.yaml:10 rules.0.applies_to.destination.only.0"),
        ("[TR]", "[XA]", "file1.yaml:10 rules.0.applies_to.destination.only.0"),
        ("group: NEAR", "group: FAR", "file1.yaml:10 rules.0.applies_to.nationality"),
        ("group: NEAR", "grupp: NEAR", "file1.yaml:10 rules.0.applies_to.nationality.grupp"),
        ("version: 1", 'version: "1"', "file1.yaml:6 rules.0.version"),
        ("as_of: 2026-01-01", "as_of: soon", "file1.yaml:15 rules.0.as_of"),
        ("required: true", "required: true, due: {anchor: submit, offset: -5, unit: workday}", "file1.yaml:5 rules.0"),
        ("required: true", "required: true, when: {age: 5}", "file1.yaml:13 rules.0.items.0.when.age"),
        ("required: true", "required: true, when: 'age > 5'", "file1.yaml:13 rules.0.items.0.when"),
        ("required: true", "required: true, valid: [{rule: looks_nice}]", "file1.yaml:13 rules.0.items.0.valid.0"),
        ("required: true", "required: true, sensitive: health", "file1.yaml:13 rules.0.items.0"),
        ("required: true", "required: true, store: flag_only", "file1.yaml:13 rules.0.items.0"),
        ("kind: base", "kind: overlay", "file1.yaml:5 rules.0"),
        ("status: draft", "status: draft\n  valid_to: 2026-05-01", "file1.yaml:5 rules.0"),
        ("status: draft", "status: draft\n  status: reviewed", "file1.yaml:8 rules.0"),
        ("outcome: visa_free", "outcome: [", "file1.yaml:13 "),
        ("version: 1", "version: 1\n  yes: 1", "file1.yaml:7 "),
    ],
)  # fmt: skip
def test_fault_is_named_with_its_line(old: str, new: str, place: str) -> None:
    assert problems_of(RULE.replace(old, new, 1)) == [place]


def test_all_problems_of_all_files_are_told_at_once() -> None:
    bad = RULE.replace("status: draft", "status: maybe").replace("confidence: high", "confidence: sure")
    assert problems_of(bad, "rules: [", RULE) == [
        "file1.yaml:7 rules.0.status",
        "file1.yaml:17 rules.0.confidence",
        "file2.yaml:1 ",
    ]


def test_same_rule_and_group_in_two_files_are_refused() -> None:
    assert problems_of(RULE, RULE) == ["file2.yaml:3 groups.NEAR", "file2.yaml:5 rules.0.id"]


def test_newest_version_counts_and_the_old_one_stays_readable() -> None:
    newer = RULE.replace("version: 1", "version: 2").replace("groups:\n  NEAR: [AM, XA-ABK]\n", "")
    rules = load_rule_texts([("one.yaml", RULE), ("two.yaml", newer)])
    assert [rule.version for rule in rules.current] == [2]
    old = rules.find("out.test", 1)
    assert (old.version if old else None, rules.find("out.test", 3)) == (1, None)
    retired = load_rule_texts([("one.yaml", RULE), ("two.yaml", newer.replace("draft", "retired"))])
    assert retired.current == ()


def test_empty_file_is_an_empty_pack() -> None:
    assert load_rule_texts([("empty.yaml", "")]).rules == ()
    assert read_lined_yaml("x.yaml", "a: {b: [1, 2]}").line_of(("a", "b", 1)) == 1


def test_areas_and_doubts_of_groups_that_are_not_there_are_refused() -> None:
    more = 'areas: [FAR]\ngroup_doubts:\n  FARTHER: {lacks: true, ru: "а", en: "a"}\ngroups:\n'
    text = RULE.replace("groups:\n", more)
    assert problems_of(text) == ["file1.yaml:2 areas.0", "file1.yaml:4 group_doubts.FARTHER"]


def test_days_of_countries_that_refuse_nothing_are_refused() -> None:
    check = "{rule: biometric_required, where: [DE], since: {PL: 2026-04-01}}"
    (found,) = problems_of(RULE.replace("required: true", f"required: true, valid: [{check}]"))
    assert found.startswith("file1.yaml:13 rules.0.items.0.valid.0")


def lines_of(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(("text", "line", "message"), [
    (lines_of("a: &a [x, x]", "b: &b [*a, *a]", "c: [*b, *b]"), 2, "an alias is not read here: write its value out"),
    (lines_of("title: x", "a: &a [*a]"), 2, "an alias is not read here: write its value out"),
    ("[" * 3_000, 1, "more than 30 values within each other"),
    ("{a: " * 3_000, 1, "more than 30 values within each other"),
], ids=["doubling", "itself", "lists", "mappings"])  # fmt: skip
def test_short_text_that_would_grow_without_end_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(InvalidFilesError) as refused:
        read_lined_yaml("rule", text)
    assert [(one.line, one.message) for one in refused.value.problems] == [(line, message)]
