"""What a person should look at in the rules: old, unconfirmed, doubtful, contradictory, missing; and the command."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from workflow.cli.visas import visas
from workflow.knowledge.visa_rule_files import load_rule_texts, load_rules
from workflow.knowledge.visa_rule_review import Finding, Look, review

TODAY = date(2026, 11, 21)
PACK = Path(__file__).parents[2] / "workflow" / "packs" / "ru-municipal" / "visas"

RULE = """
- id: {id}
  version: 1
  status: {status}
  kind: base
  title: {{ru: "Проба", en: "Trial"}}
  applies_to: {{direction: outbound, destination: [TR], nationality: [RU], passport_type: {passports}, purpose: any}}
  outcome: {outcome}
  {more}
  sources: [{{title: "A source", url: "", tier: official}}]
  as_of: 2026-01-01
  review_by: {review_by}
  confidence: {confidence}
"""
GOOD = {"id": "out.one", "status": "reviewed", "passports": "any", "outcome": "visa_free", "more": "",
        "review_by": "2027-12-31", "confidence": "high"}  # fmt: skip


def looks(*changes: dict[str, str]) -> list[Finding]:
    rules = load_rule_texts([("one.yaml", "rules:" + "".join(RULE.format(**GOOD | one) for one in changes))])
    return [one for one in review(rules, TODAY) if one.direction != "inbound"]


def test_good_rule_needs_no_look() -> None:
    assert looks({}) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"more": "valid_to: 2026-11-20\n  on_expired: refer"}, [Look.EXPIRED, Look.GAP]),
        ({"review_by": "2026-11-20"}, [Look.STALE]),
        ({"status": "draft"}, [Look.UNCONFIRMED]),
        ({"confidence": "low"}, [Look.UNCONFIRMED]),
        ({"more": 'doubts: [{ru: "а", en: "is it so"}]'}, [Look.DOUBTFUL]),
        ({"passports": "[ordinary]"}, [Look.GAP]),
    ],
)
def test_each_weakness_is_found(change: dict[str, str], expected: list[Look]) -> None:
    assert [one.look for one in looks(change)] == expected


def test_gap_names_who_has_no_rule() -> None:
    assert looks({"passports": "[ordinary]"}) == [
        Finding(Look.GAP, (), "outbound", ("TR",), ("service", "diplomatic"), ())]  # fmt: skip


def test_rules_that_contradict_each_other_are_found() -> None:
    found = looks({}, {"id": "out.two", "outcome": "visa_required", "passports": "[ordinary]"})
    assert found == [Finding(Look.OVERLAP, ("out.one", "out.two"), "outbound", ("TR",), ("ordinary",))]


def test_shipped_rules_tell_their_weak_points() -> None:
    found = review(load_rules(PACK), TODAY)
    assert {one.rules[0] for one in found if one.look is Look.EXPIRED} == {"in.ru.cn.visa-free", "out.cn.visa-free-30"}
    doubtful = [one for one in found if one.look is Look.DOUBTFUL]
    assert [one.group for one in doubtful if one.group] == ["RU_EVISA_64", "RU_VISA_FREE_SAMPLE"]
    assert {one.rules[0] for one in doubtful if one.rules} == {
        "in.ru.cn.visa-free", "in.ru.evisa", "in.ru.ordinary.mvd-invitation", "in.ru.service-visa",
            "in.ru.visa-free",
        "out.cn.visa-free-30", "out.schengen.c", "out.tr.visa-free-60", "overlay.ru-minor.exit"}  # fmt: skip
    service = [one for one in found if one.look is Look.GAP and one.passports == ("service", "diplomatic")
               and one.direction == "inbound"]  # fmt: skip
    assert [set(one.purposes) for one in service] == [{"business", "cultural", "education", "humanitarian"}]


def test_command_lists_and_is_strict_when_asked() -> None:
    run = CliRunner().invoke(visas, ["check", "--on", "2026-11-21"])
    assert run.exit_code == 0
    lines = run.output.splitlines()
    assert lines[0] == "ru-municipal: 11 rules, 3 groups of countries, as of 2026-11-21"
    assert "expired      out.cn.visa-free-30: ended on 2026-09-14" in lines
    assert "unconfirmed  out.schengen.c: confirmed by nobody; evidence of 2026-03-01" in lines
    assert any(line.startswith("doubtful     RU_VISA_FREE_SAMPLE: The list") for line in lines)
    assert any(line.startswith("gap          outbound: no rule for diplomatic passports") for line in lines)
    assert CliRunner().invoke(visas, ["check", "--on", "2026-11-21", "--strict"]).exit_code == 1
    stale = CliRunner().invoke(visas, ["check", "--on", "2027-02-01"]).output
    assert "stale        overlay.ru-minor.exit: should have been looked at by 2027-01-31" in stale
    assert CliRunner().invoke(visas, ["check", "--country", "QQ"]).exit_code == 1
    assert CliRunner().invoke(visas, ["check", "--pack", "generic"]).output.splitlines()[-1] == "nothing to look at"
