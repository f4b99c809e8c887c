"""The ten rules of the pack, and the pitfalls found by running them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from workflow.knowledge.calendars import working_calendar
from workflow.knowledge.visa_checks import CheckContext, Document, Result, judge
from workflow.knowledge.visa_facts import Fact, Standing, Traveller
from workflow.knowledge.visa_routes import Answer, AnswerKind, Route, routes_for
from workflow.knowledge.visa_rule_files import RuleSet, load_rule_texts, load_rules

FOLDER = Path(__file__).parents[2] / "workflow" / "packs" / "ru-municipal" / "visas"
RULES = load_rules(FOLDER)
TODAY = date(2026, 11, 21)

MAYOR = Traveller(
    direction="inbound", destination="RU", citizenship="TR", passport_type="ordinary", purpose="official",
    first_day=date(2027, 5, 12), last_day=date(2027, 5, 16), entries="single", birth_date=date(1970, 3, 1),
)  # fmt: skip
OURS = replace(MAYOR, direction="outbound", citizenship="RU", destination="DE", first_day=date(2027, 3, 10),
               last_day=date(2027, 3, 14))  # fmt: skip
GIRL = replace(OURS, birth_date=date(2014, 6, 1), accompanied_by_parent=False)


def ask(facts: Traveller, today: date = TODAY, **more: object) -> Answer:
    return routes_for(RULES, facts, today, **more)  # type: ignore[arg-type]


def route(facts: Traveller, rule_id: str, **more: object) -> Route:
    return next(each for each in ask(facts, **more).routes if each.rule.id == rule_id)  # type: ignore[arg-type]


def ids(answer: Answer) -> list[str]:
    return sorted(each.rule.id for each in answer.routes)


def codes(way: Route) -> list[str]:
    return [each.item.code for each in way.items]


MVD, EVISA, SERVICE, FREE = (
    "in.ru.ordinary.mvd-invitation", "in.ru.evisa", "in.ru.service-visa", "in.ru.visa-free"
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"citizenship": "TR"}, [EVISA, MVD]),
        ({"citizenship": "BG"}, [EVISA, MVD]),
        ({"citizenship": "GB"}, [MVD]),
        ({"citizenship": "US"}, [MVD]),
        ({"citizenship": "TR", "last_day": date(2027, 6, 10)}, [EVISA, MVD]),
        ({"citizenship": "TR", "last_day": date(2027, 6, 11)}, [MVD]),
        ({"citizenship": "TR", "entries": "double"}, [MVD]),
        ({"citizenship": "TR", "purpose": "education"}, [MVD]),
        ({"citizenship": "TR", "passport_type": "service"}, [SERVICE]),
        ({"citizenship": "CN", "passport_type": "diplomatic"}, [SERVICE]),
        ({"citizenship": "CN", "passport_type": "service", "purpose": "cultural"}, []),
        ({"citizenship": "RS"}, [FREE]),
        ({"citizenship": "XA-ABK", "passport_type": "diplomatic"}, [FREE]),
        ({"citizenship": "AM", "last_day": date(2027, 8, 9)}, [FREE]),
        ({"citizenship": "AM", "last_day": date(2027, 8, 10)}, []),
        ({"citizenship": "RU"}, []),
    ],
)
def test_guests_routes(changes: dict[str, object], expected: list[str]) -> None:
    answer = ask(replace(MAYOR, **changes))
    assert ids(answer) == sorted(expected)
    assert answer.kind is (AnswerKind.ROUTES if expected else AnswerKind.NO_RULE)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"destination": "DE"}, ["out.schengen.c"]),
        ({"destination": "NO"}, ["out.schengen.c"]),
        ({"destination": "BG", "passport_type": "service"}, ["out.schengen.c"]),
        ({"destination": "FR", "passport_type": "diplomatic"}, []),
        ({"destination": "FR", "last_day": date(2027, 6, 7)}, ["out.schengen.c"]),
        ({"destination": "FR", "last_day": date(2027, 6, 8)}, []),
        ({"destination": "TR"}, ["out.tr.visa-free-60"]),
        ({"destination": "TR", "passport_type": "service"}, []),
        ({"destination": "AM", "passport_type": "service"}, ["out.am.visa-free"]),
        ({"destination": "XA-ABK"}, ["out.abkhazia.internal-passport"]),
        ({"destination": "XA-ABK", "citizenship": "TR"}, []),
        ({"destination": "US"}, []),
        ({"destination": "GB"}, []),
        ({"destination": "CN"}, []),
    ],
)
def test_our_own_routes(changes: dict[str, object], expected: list[str]) -> None:
    answer = ask(replace(OURS, **changes))
    assert (ids(answer), answer.kind is AnswerKind.ROUTES) == (expected, bool(expected))


def test_china_while_the_regime_lasts() -> None:
    to_china = replace(OURS, destination="CN", first_day=date(2026, 9, 5), last_day=date(2026, 9, 14))
    assert ids(ask(to_china, date(2026, 6, 1))) == ["out.cn.visa-free-30"]


@pytest.mark.parametrize(
    ("first", "last", "standing"),
    [
        (date(2026, 9, 10), date(2026, 9, 19), Standing.ENDED),
        (date(2027, 3, 1), date(2027, 3, 5), Standing.ENDED),
        (date(2025, 9, 10), date(2025, 9, 20), Standing.NOT_YET),
    ],
)
def test_whole_stay_is_held_against_the_regimes_dates(first: date, last: date, standing: Standing) -> None:
    answer = ask(replace(OURS, destination="CN", first_day=first, last_day=last), date(2026, 6, 1))
    assert (answer.kind, ids(answer)) == (AnswerKind.NO_RULE, [])
    assert [(way.rule.id, way.standing) for way in answer.referred] == [("out.cn.visa-free-30", standing)]


def test_overlay_alone_is_no_route() -> None:
    answer = ask(replace(GIRL, destination="US"))
    assert (answer.kind, answer.routes) == (AnswerKind.NO_RULE, ())
    assert [rule.id for rule in answer.overlays] == ["overlay.ru-minor.exit"]


def test_minors_overlay_adds_its_items_to_the_route() -> None:
    extra = ["minor_passport", "notarial_consent", "birth_certificate", "exit_ban_check", "pd_consent_parent"]
    assert [code for code in codes(route(GIRL, "out.schengen.c")) if code in extra] == extra
    assert "internal_passport_copy" not in codes(route(GIRL, "out.schengen.c"))
    with_parent = route(replace(GIRL, accompanied_by_parent=True), "out.schengen.c")
    assert "notarial_consent" not in codes(with_parent)
    older = route(replace(GIRL, birth_date=date(2013, 3, 10)), "out.schengen.c")
    assert ("minor_passport" in codes(older), "internal_passport_copy" in codes(older)) == (False, True)


@pytest.mark.parametrize(("born", "minor"), [(date(2009, 3, 11), True), (date(2009, 3, 10), False)])
def test_age_is_counted_on_the_first_day(born: date, *, minor: bool) -> None:
    answer = ask(replace(OURS, birth_date=born))
    assert bool(answer.overlays) is minor


def test_adult_gets_no_minors_items() -> None:
    assert ask(OURS).overlays == ()
    assert ask(OURS).questions == ()


@pytest.mark.parametrize(
    ("missing", "kind", "questions"),
    [
        ({"citizenship": None}, AnswerKind.QUESTIONS, (Fact.CITIZENSHIP,)),
        ({"passport_type": None}, AnswerKind.QUESTIONS, (Fact.PASSPORT_TYPE,)),
        ({"purpose": None}, AnswerKind.QUESTIONS, (Fact.PURPOSE,)),
        ({"last_day": None}, AnswerKind.ROUTES, (Fact.DATES,)),
        ({"entries": None}, AnswerKind.ROUTES, (Fact.ENTRIES,)),
        ({"birth_date": None}, AnswerKind.ROUTES, ()),
    ],
)
def test_missing_fact_is_a_question(missing: dict[str, None], kind: AnswerKind, questions: tuple[Fact, ...]) -> None:
    answer = ask(replace(MAYOR, **missing))
    assert (answer.kind, answer.questions) == (kind, questions)


def test_parents_company_is_asked_and_the_paper_listed_meanwhile() -> None:
    answer = ask(replace(GIRL, accompanied_by_parent=None))
    assert answer.questions == (Fact.PARENT,)
    assert "notarial_consent" in codes(answer.routes[0])


def test_unknown_birth_date_of_our_own_is_asked() -> None:
    assert ask(replace(OURS, birth_date=None)).questions == (Fact.BIRTH_DATE,)


def test_deadline_uses_both_countries_calendars() -> None:
    latest = route(OURS, "out.schengen.c").milestones["submit_latest"]
    assert (latest.day, latest.calendar.keys, latest.basis) == (date(2027, 2, 19), ("RU", "DE"), "law")
    assert latest.uncertain == ("RU",)
    assert route(OURS, "out.schengen.c").milestones["submit_earliest"].day == date(2026, 9, 10)


def test_petition_is_45_working_days_before_arrival() -> None:
    mvd = route(replace(MAYOR, citizenship="GB"), MVD)
    due = {each.item.code: each.due.day for each in mvd.items if each.due}
    assert mvd.milestones["petition_latest"].basis == "internal"
    assert due["petition"] == mvd.milestones["petition_latest"].day
    assert due["passport"] < due["petition"] < due["photo"] < MAYOR.first_day  # type: ignore[operator]


def test_duty_after_the_border_counts_the_visited_countrys_days() -> None:
    item = next(each for each in route(MAYOR, EVISA).items if each.item.code == "migration_registration")
    assert item.due is not None
    assert (item.due.calendar.keys, item.due.day) == (("RU",), date(2027, 5, 21))


def test_health_certificate_only_for_long_stays_and_without_a_file() -> None:
    short = replace(MAYOR, citizenship="GB")
    long = replace(short, last_day=date(2027, 8, 10))
    assert "hiv_certificate" not in codes(route(short, MVD))
    item = next(each.item for each in route(long, MVD).items if each.item.code == "hiv_certificate")
    assert (item.store, item.takes_file) == ("flag_only", False)


def test_abkhazia_asks_to_register_after_14_days() -> None:
    trip = replace(OURS, destination="XA-ABK")
    short = route(replace(trip, last_day=date(2027, 3, 23)), "out.abkhazia.internal-passport")
    longer = route(replace(trip, last_day=date(2027, 3, 24)), "out.abkhazia.internal-passport")
    assert (codes(short), codes(longer)) == (["passport"], ["passport", "registration"])


def verdicts(facts: Traveller, rule_id: str, passport: Document) -> dict[str, Result]:
    way = route(facts, rule_id, documents={"passport": passport})
    item = next(each for each in way.items if each.item.code == "passport")
    return {each.rule: each.result for each in item.verdicts}


@pytest.mark.parametrize(
    ("passport", "expected"),
    [
        (Document(), ["unknown"] * 4),
        (Document(date(2020, 1, 1), date(2027, 6, 15), biometric=True, blank_pages=2), ["passed"] * 4),
        (
            Document(date(2017, 2, 18), date(2027, 6, 14), biometric=False, blank_pages=1),
            ["failed"] * 4,
        ),
    ],
)
def test_passport_is_checked_against_the_route(passport: Document, expected: list[str]) -> None:
    found = verdicts(OURS, "out.schengen.c", passport)
    assert list(found) == ["expires_after", "issued_within", "blank_pages", "biometric_required"]
    assert [result.value for result in found.values()] == expected


def test_non_biometric_passport_is_fine_where_it_is_not_refused() -> None:
    old = Document(date(2022, 1, 1), date(2027, 12, 1), biometric=False, blank_pages=4)
    assert verdicts(replace(OURS, destination="IT"), "out.schengen.c", old)["biometric_required"] is Result.PASSED
    assert verdicts(replace(OURS, destination="NO"), "out.schengen.c", old)["biometric_required"] is Result.FAILED


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (Document(covers_from=date(2027, 3, 10), covers_to=date(2027, 3, 14), amount=30000, currency="EUR"), "passed"),
        (Document(covers_from=date(2027, 3, 11), covers_to=date(2027, 3, 14), amount=30000, currency="EUR"), "failed"),
        (Document(covers_from=date(2027, 3, 10), covers_to=date(2027, 3, 13), amount=30000, currency="EUR"), "failed"),
        (Document(covers_from=date(2027, 3, 10), covers_to=date(2027, 3, 14), amount=29999, currency="EUR"), "failed"),
        (Document(covers_from=date(2027, 3, 10), covers_to=date(2027, 3, 14), amount=30000, currency="USD"), "unknown"),
        (Document(covers_from=date(2027, 3, 10)), "unknown"),
    ],
)  # fmt: skip
def test_insurance_covers_the_stay_and_the_sum(document: Document, expected: str) -> None:

    item = next(each.item for each in route(OURS, "out.schengen.c").items if each.item.code == "insurance")
    context = CheckContext({"arrival": OURS.first_day, "return": OURS.last_day}, "DE", working_calendar("RU"))
    results = [judge(check, document, context).result.value for check in item.valid]
    worst = next((name for name in ("failed", "unknown") if name in results), "passed")
    assert worst == expected


def test_draft_stale_or_doubtful_rule_never_says_nothing_else_is_needed() -> None:
    assert not any(way.is_confirmed for way in ask(MAYOR).routes)
    reviewed = with_free_entry("status: draft", "status: reviewed")
    serb = replace(MAYOR, citizenship="RS")
    assert [way.is_confirmed for way in routes_for(reviewed, serb, TODAY).routes] == [False]
    unread = with_free_entry("confidence: low", "confidence: high")
    assert [(way.rule.status, way.is_confirmed) for way in routes_for(unread, serb, TODAY).routes] == [("draft", False)]
    firm = ("status: draft", "status: reviewed", "confidence: low", "confidence: high")
    doubted = with_free_entry(*firm)
    assert [way.is_confirmed for way in routes_for(doubted, serb, TODAY).routes] == [False]
    sure = with_free_entry(*firm, free_entry_doubts(), "")
    assert [way.is_confirmed for way in routes_for(sure, serb, TODAY).routes] == [True]
    late = routes_for(sure, serb, date(2027, 1, 1)).routes[0]
    assert (late.stale, late.is_confirmed) == (True, False)


def free_entry_doubts() -> str:
    """Cut out what the rule of free entry leaves to be looked at."""
    text = (FOLDER / "into-russia.yaml").read_text(encoding="utf-8").rpartition("- id: in.ru.visa-free")[2]
    return "  doubts:" + text.partition("  doubts:")[2].partition("\n\n")[0]


def with_free_entry(*changes: str) -> RuleSet:
    head, mark, rule = (FOLDER / "into-russia.yaml").read_text(encoding="utf-8").rpartition("- id: in.ru.visa-free")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        rule = rule.replace(old, new)
    groups = (FOLDER / "groups.yaml").read_text(encoding="utf-8")
    return load_rule_texts([("groups.yaml", groups), ("rules.yaml", head + mark + rule)])


def test_visa_free_sample_gives_brazil_a_doubtful_answer_and_shows_it() -> None:
    answer = ask(replace(MAYOR, citizenship="BR"))
    assert [(way.rule.id, way.is_confirmed, way.rule.status) for way in answer.routes] == [(MVD, False, "draft")]


def test_generic_pack_always_asks() -> None:
    empty = load_rules(FOLDER.parents[1] / "generic" / "visas")
    assert routes_for(empty, MAYOR, TODAY).kind is AnswerKind.NO_RULE


def test_transit_is_no_visit() -> None:
    to_armenia = replace(OURS, destination="AM")
    assert ids(ask(to_armenia)) == ["out.am.visa-free"]
    transit = ask(replace(to_armenia, transit=True))
    assert (transit.kind, transit.routes, transit.near) == (AnswerKind.NO_RULE, (), ())


@pytest.mark.parametrize(
    ("destination", "first", "expected"),
    [
        ("DE", date(2025, 12, 31), Result.PASSED), ("DE", date(2026, 1, 1), Result.FAILED),
        ("PL", date(2026, 3, 31), Result.PASSED), ("PL", date(2026, 4, 1), Result.FAILED),
        ("FI", date(2026, 5, 31), Result.PASSED), ("FI", date(2026, 6, 1), Result.FAILED),
        ("FR", date(2025, 6, 1), Result.FAILED), ("IT", date(2027, 6, 1), Result.PASSED),
    ],
)  # fmt: skip
def test_old_passport_is_refused_from_the_day_each_state_began(
    destination: str, first: date, expected: Result
) -> None:
    old = Document(date(2024, 1, 1), date(2029, 12, 1), biometric=False, blank_pages=4)
    facts = replace(OURS, destination=destination, first_day=first, last_day=first)
    assert verdicts(facts, "out.schengen.c", old)["biometric_required"] is expected


def test_old_passport_is_judged_for_every_country_of_the_trip() -> None:
    old = Document(date(2022, 1, 1), date(2027, 12, 1), biometric=False, blank_pages=4)
    through = replace(OURS, destination="IT", through=("ES", "FR"))
    assert verdicts(through, "out.schengen.c", old)["biometric_required"] is Result.FAILED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"destination": "FR", "passport_type": "diplomatic"}, {"out.schengen.c": {Fact.PASSPORT_TYPE}}),
        ({"destination": "FR", "last_day": date(2027, 6, 8)}, {"out.schengen.c": {Fact.DATES}}),
        (
            {"destination": "TR", "passport_type": "service", "last_day": date(2027, 6, 8)},
            {"out.tr.visa-free-60": {Fact.PASSPORT_TYPE, Fact.DATES}},
        ),
        ({"destination": "US"}, {}),
        ({"destination": "XA-ABK", "citizenship": "TR"}, {}),
    ],
)
def test_no_rule_names_the_facts_that_keep_one_away(
    changes: dict[str, object], expected: dict[str, set[Fact]]
) -> None:
    answer = ask(replace(OURS, **changes))
    assert {rule.id: set(against) for rule, against in answer.near} == expected


def test_chinese_guest_sees_the_regime_that_ended() -> None:
    answer = ask(replace(MAYOR, citizenship="CN"))
    assert ids(answer) == [EVISA, MVD]
    assert [(way.rule.id, way.standing) for way in answer.referred] == [("in.ru.cn.visa-free", Standing.ENDED)]
    earlier = replace(MAYOR, citizenship="CN", first_day=date(2026, 9, 5), last_day=date(2026, 9, 14))
    assert "in.ru.cn.visa-free" in ids(ask(earlier, date(2026, 6, 1)))


def doubts(facts: Traveller, rule_id: str) -> list[str]:
    return [doubt.en.split(" ")[0] for doubt in route(facts, rule_id).doubts]


def test_doubts_are_told_where_they_matter() -> None:
    assert doubts(replace(OURS, destination="IT"), "out.schengen.c") == ["The", "Official", "The", "Italy"]
    assert doubts(replace(OURS, destination="BG"), "out.schengen.c") == ["The", "Official", "The", "Bulgaria"]
    assert doubts(replace(GIRL, destination="AM"), "out.am.visa-free") == ["The"]
    assert doubts(MAYOR, EVISA)[-1] == "Of"
    brazil, serbia = replace(MAYOR, citizenship="BR"), replace(MAYOR, citizenship="RS")
    assert "The list of visa-free countries is a sample" in route(brazil, MVD).doubts[-1].en
    assert doubts(serbia, FREE) == ["The", "The"]
    assert doubts(replace(MAYOR, citizenship="KZ"), FREE) == ["Citizens", "The", "The"]


MINORS = [date(2009, 3, 11), date(2013, 3, 10), date(2013, 3, 11), date(2026, 1, 1)]


@pytest.mark.parametrize("destination", ["DE", "TR", "AM", "XA-ABK"])
@pytest.mark.parametrize("born", MINORS)
@pytest.mark.parametrize("parent", [True, False])
def test_minors_bring_their_papers_on_every_route(destination: str, born: date, *, parent: bool) -> None:
    (way,) = ask(replace(OURS, destination=destination, birth_date=born, accompanied_by_parent=parent)).routes
    extra = {code for code in codes(way) if code in ("minor_passport", "notarial_consent", "birth_certificate")}
    expected = {"birth_certificate"} | (set() if parent else {"notarial_consent"})
    assert extra == expected | ({"minor_passport"} if born > date(2013, 3, 10) else set())


def test_consent_must_name_every_country_and_the_escort() -> None:
    trip = replace(GIRL, destination="DE")
    entry = next(one for one in route(trip, "out.schengen.c").items if one.item.code == "notarial_consent")
    assert [one.rule for one in entry.verdicts] == ["covers_stay", "names_all_destinations", "names_escort"]
    written = Document(covers_from=trip.first_day, covers_to=trip.last_day, names_all_destinations=False,
                       names_escort=True)  # fmt: skip
    judged = route(trip, "out.schengen.c", documents={"notarial_consent": written})
    consent = next(one for one in judged.items if one.item.code == "notarial_consent")
    assert [one.result.value for one in consent.verdicts] == ["passed", "failed", "passed"]


def test_two_entries_close_the_routes_for_one() -> None:
    twice = replace(OURS, destination="DE", entries="double")
    assert [(rule.id, set(why)) for rule, why in ask(twice).near] == [("out.schengen.c", {Fact.ENTRIES})]
