"""Loading, extending and checking process definitions; what the packs ship."""

from pathlib import Path

import pytest

from tests.process.words import WORDS
from workflow.process.checking import load_definitions
from workflow.process.definitions import Definition, dump, fingerprint, parse
from workflow.process.loading import DefinitionErrors

PACKS = Path(__file__).parents[2] / "workflow" / "packs"
KEYS = ["courtesy-call", "incoming", "online-meeting", "outgoing"]

GOOD = """\
key: trial
title: {en: Trial, ru: Проба}
stages:
  - key: opened
    title: {en: Opened, ru: Открыт}
  - key: closed
    title: {en: Closed, ru: Закрыт}
    final: true
steps:
  - key: close
    from: [opened]
    to: closed
    title: {en: Close, ru: Закрыть}
    conditions:
      - {check: visits.dates_set}
deadlines:
  - key: soon
    title: {en: Soon, ru: Скоро}
    anchor: arrival
    offset: -3
    unit: workdays
    done_when: {check: visits.dates_set}
    source: {en: House rule, ru: Внутреннее правило}
"""


def write(folder: Path, text: str, pack: str = "generic", name: str = "trial") -> Path:
    path = folder / pack / "processes" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(DefinitionErrors) as caught:
        load_definitions(folder, WORDS)
    return [str(fault) for fault in caught.value.faults]


def test_shipped_packs_are_without_fault() -> None:
    packs = load_definitions(PACKS, WORDS)
    assert sorted(packs) == ["generic", "ru-municipal"]
    assert [sorted(definitions) for definitions in packs.values()] == [KEYS, KEYS]


@pytest.mark.parametrize("pack", ["generic", "ru-municipal"])
@pytest.mark.parametrize("key", KEYS)
def test_shipped_definition_walks_from_first_stage_to_the_end_by_its_next_steps(pack: str, key: str) -> None:
    definition = load_definitions(PACKS, WORDS)[pack][key]
    at, walked = definition.start.key, [definition.start.key]
    while not definition.stage(at).final:
        at = next(step.to for step in definition.steps if at in step.from_ and not step.back)
        walked.append(at)
    assert walked == [stage.key for stage in definition.stages]


def test_courtesy_call_is_two_steps_with_four_conditions() -> None:
    call = load_definitions(PACKS, WORDS)["ru-municipal"]["courtesy-call"]
    forward = [step for step in call.steps if not step.back]
    assert [(step.from_, step.to) for step in forward] == [(("opened",), "held"), (("held",), "closed")]
    assert [check.key for step in forward for check in step.checks()] == [
        "visits.responsible_named", "visits.dates_set", "visits.arrived", "outcomes.outcomes_recorded",
    ]


def test_russian_pack_adds_the_order_and_shortens_the_report() -> None:
    packs = load_definitions(PACKS, WORDS)
    generic, russian = packs["generic"]["incoming"], packs["ru-municipal"]["incoming"]

    def ready(definition: Definition) -> list[str]:
        step = next(step for step in definition.steps if step.key == "confirm_ready")
        return [check.key for check in step.checks()]

    assert ready(russian) == [*ready(generic), "papers.paper_signed(kind=order-receiving)"]
    report = {item.key: item for item in russian.deadlines}["report"]
    assert (report.anchor, report.offset, report.unit) == ("departure", 3, "workday")
    assert "docs.cntd.ru/document/432873160" in report.source.ru
    assert [item.key for item in russian.deadlines if item.key not in {other.key for other in generic.deadlines}] == [
        "order", "journal",
    ]


def test_deadline_of_an_answer_leads_to_where_it_is_recorded() -> None:
    packs = load_definitions(PACKS, WORDS)
    pages = {item.page for definitions in packs.values() for definition in definitions.values()
             for item in definition.deadlines if item.done_when.check == "invitations.answer_recorded"}  # fmt: skip
    assert pages == {"invitations.show"}


def test_every_shipped_deadline_has_a_source() -> None:
    for definitions in load_definitions(PACKS, WORDS).values():
        for definition in definitions.values():
            assert [item.key for item in definition.deadlines if not (item.source.en and item.source.ru)] == []


def test_published_text_reads_back_the_same() -> None:
    for definitions in load_definitions(PACKS, WORDS).values():
        for definition in definitions.values():
            text = dump(definition)
            assert parse(text) == definition
            assert fingerprint(dump(parse(text))) == fingerprint(text)


def test_all_faults_of_all_files_come_at_once_with_file_and_line(tmp_path: Path) -> None:
    text = (
        GOOD.replace("to: closed", "to: nowhere")
        .replace("visits.dates_set}\ndeadlines", "visits.wishes}\ndeadlines")
        .replace("anchor: arrival", "anchor: easter")
    )
    write(tmp_path, text)
    write(tmp_path, GOOD.replace("key: trial", "key: second").replace("    final: true\n", ""), name="second")
    assert faults(tmp_path) == [
        "generic/processes/second.yaml:3: no stage is final: the process has no end",
        "generic/processes/trial.yaml:12: step 'close': unknown stage 'nowhere'",
        "generic/processes/trial.yaml:15: unknown condition 'visits.wishes'",
        "generic/processes/trial.yaml:19: unknown anchor 'easter'",
    ]


def test_unknown_reaction_permission_and_stage_of_a_condition(tmp_path: Path) -> None:
    text = (
        GOOD.replace("    final: true\n", "    final: true\n    reactions:\n      - job: visits.sing\n")
        .replace("    to: closed\n", "    to: closed\n    permission: visits:dance\n")
        .replace("when: {check: visits.dates_set", "when: {check: process.stage_reached, params: {stage: x}")
    )
    assert faults(write(tmp_path, text)) == [
        "generic/processes/trial.yaml:10: unknown reaction 'visits.sing'",
        "generic/processes/trial.yaml:15: unknown permission 'visits:dance'",
        "generic/processes/trial.yaml:25: unknown stage 'x'",
    ]


def test_unreachable_stage_and_stage_without_a_way_out(tmp_path: Path) -> None:
    extra = (
        "  - key: orphan\n    title: {en: O, ru: О}\n  - key: trap\n    title: {en: T, ru: Т}\nsteps:\n"
        "  - key: fall\n    from: [opened]\n    to: trap\n    title: {en: F, ru: П}\n"
    )
    assert faults(write(tmp_path, GOOD.replace("steps:\n", extra))) == [
        "generic/processes/trial.yaml:9: stage 'orphan' can never be reached",
        "generic/processes/trial.yaml:11: from stage 'trap' no way leads to the end",
    ]


def test_twin_keys_are_found_in_lists_and_in_mappings(tmp_path: Path) -> None:
    text = GOOD.replace("  - key: closed", "  - key: opened").replace("offset: -3", "offset: -3\n    offset: -4")
    assert faults(write(tmp_path, text)) == [
        "generic/processes/trial.yaml:6: duplicate key 'opened' among the stages",
        "generic/processes/trial.yaml:12: step 'close': unknown stage 'closed'",
        "generic/processes/trial.yaml:21: duplicate key 'offset'",
    ]


@pytest.mark.parametrize("word", ["on", "yes", "no", "off"])
def test_key_that_yaml_takes_for_yes_or_no_is_named(tmp_path: Path, word: str) -> None:
    found = faults(write(tmp_path, GOOD.replace("    from: [opened]", f"    {word}: 1\n    from: [opened]")))
    assert found == [
        f"generic/processes/trial.yaml:11: YAML reads the key {word!r} as {word in {'on', 'yes'}}; write another word"
    ]


def test_wrong_shape_names_field_and_line(tmp_path: Path) -> None:
    text = GOOD.replace("unit: workdays", "unit: fortnights")
    text = text.replace("    to: closed\n", "    to: closed\n    colour: red\n")
    assert faults(write(tmp_path, text)) == [
        "generic/processes/trial.yaml:13: steps.0.colour: Extra inputs are not permitted",
        (
            "generic/processes/trial.yaml:22: deadlines.0.unit: Input should be 'hour', 'day', 'workday', 'week',"
            " 'month' or 'year'"
        ),
    ]


def test_wrong_shape_does_not_hide_unknown_names(tmp_path: Path) -> None:
    text = GOOD.replace("unit: workdays", "unit: fortnights").replace("from: [opened]", "from: opened")
    text = text.replace("to: closed\n", "to: nowhere\n").replace("anchor: arrival", "anchor: easter")
    text = text.replace("- {check: visits.dates_set}", "- {all: [{check: visits.wish}, {not: {check: visits.mood}}]}")
    text = text.replace("final: true\n", "final: true\n    reactions: [{job: visits.sing}, 7]\n")
    found = [fault.removeprefix("generic/processes/trial.yaml:") for fault in faults(write(tmp_path, text))]
    shape = {"9: stages.1.reactions.1: Input should be a valid dictionary or instance of Reaction",
             "12: steps.0.from: Input should be a valid tuple",
             "22: deadlines.0.unit: Input should be 'hour', 'day', 'workday', 'week', 'month' or 'year'"}  # fmt: skip
    assert set(found) == shape | {
        "9: unknown reaction 'visits.sing'", "13: step 'close': unknown stage 'nowhere'",
        "16: unknown condition 'visits.wish'", "16: unknown condition 'visits.mood'", "20: unknown anchor 'easter'",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{}", "steps.0.conditions.0: a condition has exactly one of: check, all, any, not"),
        ("{check: visits.dates_set, any: [{check: visits.arrived}]}",
         "steps.0.conditions.0: a condition has exactly one of: check, all, any, not"),
        ("{all: []}", "steps.0.conditions.0: all and any need at least one condition"),
        ("{all: [{check: visits.arrived}], law: true}",
         "steps.0.conditions.0: params, law, overridable, waiting and title belong to a check"),
    ],
)
def test_condition_of_no_kind_or_two(tmp_path: Path, condition: str, said: str) -> None:
    text = GOOD.replace("- {check: visits.dates_set}", f"- {condition}")
    assert faults(write(tmp_path, text)) == [f"generic/processes/trial.yaml:15: {said}"]


def test_broken_yaml_names_its_line(tmp_path: Path) -> None:
    found = faults(write(tmp_path, GOOD.replace("stages:", "stages: [")))
    assert len(found) == 1
    assert found[0].startswith("generic/processes/trial.yaml:")


def test_alias_that_contains_itself_is_refused(tmp_path: Path) -> None:
    found = faults(write(tmp_path, GOOD.replace("from: [opened]", "from: &a [*a]")))
    assert "generic/processes/trial.yaml:11: an alias may not contain itself" in found


def test_step_that_goes_back_needs_a_reason(tmp_path: Path) -> None:
    back = "deadlines:\n"
    step = "  - key: reopen\n    from: [closed]\n    to: opened\n    title: {en: R, ru: О}\ndeadlines:\n"
    assert faults(write(tmp_path, GOOD.replace(back, step))) == [
        "generic/processes/trial.yaml:16: step 'reopen' goes back or leaves an end: it needs a reason"
    ]


def test_extending_replaces_adds_and_drops(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    child = """\
extends: generic
key: trial
stages:
  - key: held
    after: opened
    title: {en: Held, ru: Проведён}
  - key: opened
    also:
      - job: visas.open_cases
steps:
  - key: close
    from: [held]
    also:
      - {check: visits.head_named}
  - key: hold
    from: [opened]
    to: held
    title: {en: Hold, ru: Провести}
drop:
  deadlines: [soon]
"""
    packs = load_definitions(write(tmp_path, child, pack="ours"), WORDS)
    trial = packs["ours"]["trial"]
    assert [stage.key for stage in trial.stages] == ["opened", "held", "closed"]
    assert [reaction.job for reaction in trial.start.reactions] == ["visas.open_cases"]
    assert [(step.key, step.from_, [check.key for check in step.checks()]) for step in trial.steps] == [
        ("close", ("held",), ["visits.dates_set", "visits.head_named"]),
        ("hold", ("opened",), []),
    ]
    assert trial.deadlines == ()
    assert trial.title.ru == "Проба"
    assert [item.key for item in packs["generic"]["trial"].deadlines] == ["soon"]


def test_fault_in_what_is_extended_is_named_in_the_file_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("anchor: arrival", "anchor: easter"))
    child = "extends: generic\nkey: trial\nsteps:\n  - key: close\n    to: moon\n"
    found = faults(write(tmp_path, child, pack="ours"))
    assert found == [
        "generic/processes/trial.yaml:19: unknown anchor 'easter'",
        "ours/processes/trial.yaml:5: step 'close': unknown stage 'moon'",
    ]


def test_extending_what_is_not_there_or_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "extends: b\nkey: trial\n", pack="a")
    write(tmp_path, "extends: a\nkey: trial\n", pack="b")
    write(tmp_path, "extends: nobody\nkey: trial\n", pack="c")
    write(tmp_path, GOOD)
    write(tmp_path, "extends: generic\nkey: trial\ndrop: {steps: [sing]}\n", pack="d")
    assert faults(tmp_path) == [
        "a/processes/trial.yaml:1: extends runs in a circle: b, a",
        "b/processes/trial.yaml:1: extends runs in a circle: a, b",
        "c/processes/trial.yaml:1: extends: pack 'nobody' has no process 'trial'",
        "d/processes/trial.yaml:3: drop: there is no 'sing' among the steps",
    ]


def test_file_named_otherwise_than_its_key(tmp_path: Path) -> None:
    found = faults(write(tmp_path, GOOD, name="other"))
    assert found == ["generic/processes/other.yaml:1: the key 'trial' must be the file's name, 'other'"]
