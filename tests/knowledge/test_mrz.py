"""The machine-readable zone: specimens of ICAO Doc 9303, whatever people paste, and what check digits notice."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workflow.knowledge.mrz.codes import DocumentKind, code_of, country_of, kind_of
from workflow.knowledge.mrz.composing import ZoneData, compose
from workflow.knowledge.mrz.parsing import parse
from workflow.knowledge.mrz.repairing import MOST, doubts
from workflow.knowledge.mrz.shapes import LAYOUTS, Format, Part, Remark, check_digit

TODAY = date(2026, 11, 21)
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
SMALL = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
LONG_CARD = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
LONG_SMALL = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"
VISA_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
VISA_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"


@pytest.mark.parametrize(
    ("text", "form", "number", "name", "born", "expires", "nationality"),
    [
        (PASSPORT, Format.TD3, "L898902C3", "ERIKSSON, ANNA MARIA", date(1974, 8, 12), date(2012, 4, 15), "UTO"),
        (CARD, Format.TD1, "D23145890", "ERIKSSON, ANNA MARIA", date(1974, 8, 12), date(2012, 4, 15), "UTO"),
        (SMALL, Format.TD2, "D23145890", "ERIKSSON, ANNA MARIA", date(1974, 8, 12), date(2012, 4, 15), "UTO"),
        (LONG_CARD, Format.TD1, "D23145890734", "STEVENSON, PETER JOHN", date(1934, 7, 12), date(1995, 7, 12), "UTO"),
        (LONG_SMALL, Format.TD2, "D23145890734", "STEVENSON, PETER JOHN", date(1934, 7, 12), date(1995, 7, 12), "UTO"),
        (VISA_A, Format.MRVA, "L8988901C", "ERIKSSON, ANNA MARIA", date(1940, 9, 7), date(1996, 12, 10), "XXX"),
        (VISA_B, Format.MRVB, "L8988901C", "ERIKSSON, ANNA MARIA", date(1940, 9, 7), date(1996, 12, 10), "XXX"),
    ],
)
def test_specimen_of_the_standard_is_read_and_sound(
    text: str, form: Format, number: str, name: str, born: date, expires: date, nationality: str
) -> None:
    zone = parse(text, TODAY)
    assert zone.birth is not None
    assert zone.expiry is not None
    assert (zone.format, zone.number, f"{zone.family}, {zone.given}", zone.birth.day, zone.expiry.day) == (
        form, number, name, born, expires)  # fmt: skip
    assert (zone.nationality, zone.state, zone.sound, zone.wrong) == (nationality, "UTO", True, ())


@pytest.mark.parametrize(
    "pasted",
    [
        PASSPORT.lower(),
        "Паспорт, зона:\n\n  " + PASSPORT.replace("\n", "  \r\n\t") + "\n\nС уважением, отдел",
        " ".join(PASSPORT),
        PASSPORT.replace("\n", ""),
        PASSPORT.replace("<<", "«"),
        PASSPORT.replace("<", "&lt;"),
        PASSPORT.replace("ERIKSSON", "ЕRIКSSОN").replace("C3", "С3"),
        "> " + PASSPORT.replace("\n", "\n> "),
        "\n".join(reversed(PASSPORT.splitlines())),
        " ".join(line.rstrip("<") for line in PASSPORT.splitlines()),
        "Passport: " + PASSPORT + " thanks",
        PASSPORT.replace("<", " "),
        PASSPORT.splitlines()[0].rstrip("<") + "\n" + PASSPORT.splitlines()[1],
        PASSPORT.replace("<<<<<10", "<<<<10"),
        PASSPORT.replace("<<<<<10", "<<<<<<<10"),
    ],
    ids=["small", "among other text", "spaced", "one line", "quotes", "entities", "Cyrillic look-alikes", "quoted mail",
         "second first", "one line without fillers", "words around", "blanks for fillers", "fillers cut",
         "a filler short", "two fillers long"],
)  # fmt: skip
def test_pasted_zone_is_found_however_it_came(pasted: str) -> None:
    zone = parse(pasted, TODAY)
    assert (zone.number, zone.family, zone.given, zone.sound) == ("L898902C3", "ERIKSSON", "ANNA MARIA", True)


@pytest.mark.parametrize("text", ["", "\n\n", "<<<<", "ИВАНОВ ИВАН", "P<UTO", "A" * 5000, "<" * 88 + "\n" + "1" * 10])
def test_text_without_a_zone_is_said_to_be_none_or_read_without_a_fault(text: str) -> None:
    zone = parse(text, TODAY)
    assert not zone.sound
    doubts(zone, TODAY)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_nothing_that_is_pasted_raises(text: str) -> None:
    zone = parse(text, TODAY)
    if zone.format is None:
        assert zone.warnings == (Remark.NOT_A_ZONE,)


@given(st.lists(st.text("ABP0159<OI", min_size=30, max_size=44), min_size=1, max_size=3))
def test_nothing_that_looks_like_a_zone_raises(lines: list[str]) -> None:
    zone = parse("\n".join(lines), TODAY)
    doubts(zone, TODAY)


def test_each_check_digit_is_judged_for_itself() -> None:
    zone = parse(PASSPORT.replace("1204159", "1204158"), TODAY)
    assert [(check.part, check.stated, check.computed, check.line, check.place) for check in zone.wrong] == [
        (Part.EXPIRY, "8", "9", 1, 27), (Part.WHOLE, "0", "9", 1, 43)]  # fmt: skip


@pytest.mark.parametrize("digit", ["<", "0"])
def test_empty_optional_field_may_have_a_filler_or_nought_as_its_digit(digit: str) -> None:
    data = ZoneData("PP", "TUR", "U98765432", "TUR", date(1980, 5, 17), "female", date(2031, 1, 1), "KAYA", "AYSE")
    first, second = compose(Format.TD3, data)
    zone = parse(f"{first}\n{second[:42]}{digit}{second[43]}", TODAY)
    assert (zone.sound, zone.optional) == (True, "")


@pytest.mark.parametrize(
    ("printed", "parts", "remark"),
    [
        ("<<<<<<", (None, None, None), Remark.BIRTH_UNKNOWN),
        ("74<<<<", (1974, None, None), Remark.BIRTH_UNKNOWN),
        ("7408<<", (1974, 8, None), Remark.BIRTH_UNKNOWN),
        ("740000", (1974, None, None), Remark.BIRTH_UNKNOWN),
        ("741332", (1974, None, None), Remark.BIRTH_IMPOSSIBLE),
        ("740230", (1974, None, None), Remark.BIRTH_IMPOSSIBLE),
    ],
)
def test_birth_date_that_is_unknown_or_impossible_is_told_apart(
    printed: str, parts: tuple[int | None, ...], remark: Remark
) -> None:
    data = ZoneData("P", "UTO", "A1", "UTO", printed, "", date(2031, 1, 1), "KAYA")
    zone = parse("\n".join(compose(Format.TD3, data)), TODAY)
    assert zone.birth is not None
    assert (zone.birth.year, zone.birth.month, zone.birth.day_of_month, zone.birth.day) == (*parts, None)
    assert (remark in zone.warnings, zone.sex, Remark.NO_GIVEN_NAMES in zone.warnings) == (True, "unknown", True)
    assert zone.wrong == ()


@pytest.mark.parametrize(
    ("printed", "day"),
    [("261121", date(2026, 11, 21)), ("261122", date(1926, 11, 22)), ("270101", date(1927, 1, 1)),
     ("000229", date(2000, 2, 29)), ("991231", date(1999, 12, 31))],
)  # fmt: skip
def test_birth_in_the_future_is_last_centurys(printed: str, day: date) -> None:
    data = ZoneData("P", "UTO", "A1", "UTO", printed, "male", date(2031, 1, 1), "KAYA", "ALI")
    birth = parse("\n".join(compose(Format.TD3, data)), TODAY).birth
    assert birth is not None
    assert birth.day == day


@pytest.mark.parametrize(("printed", "year"), [("760101", 2076), ("770101", 1977), ("261120", 2026), ("990101", 1999)])
def test_expiry_lies_within_fifty_years(printed: str, year: int) -> None:
    data = ZoneData("P", "UTO", "A1", "UTO", date(1980, 5, 17), "male", printed, "KAYA", "ALI")
    zone = parse("\n".join(compose(Format.TD3, data)), TODAY)
    assert zone.expiry is not None
    assert zone.expiry.day is not None
    assert (zone.expiry.day.year, Remark.EXPIRED in zone.warnings) == (year, year < 2076)


@pytest.mark.parametrize(
    ("code", "kind", "certain"),
    [("P", DocumentKind.ORDINARY, False), ("PP", DocumentKind.ORDINARY, True), ("PD", DocumentKind.DIPLOMATIC, True),
     ("PO", DocumentKind.SERVICE, True), ("PS", DocumentKind.SERVICE, False), ("PM", DocumentKind.MILITARY, True),
     ("PZ", DocumentKind.ORDINARY, False), ("I", DocumentKind.IDENTITY_CARD, False), ("V", DocumentKind.VISA, True),
     ("X", DocumentKind.UNKNOWN, False)],
)  # fmt: skip
def test_old_and_new_document_codes_propose_a_kind(code: str, kind: DocumentKind, certain: bool) -> None:
    assert (kind_of(code).kind, kind_of(code).certain) == (kind, certain)


def test_stateless_persons_code_is_no_service_passport() -> None:
    assert kind_of("PS", "XXA").kind is DocumentKind.STATELESS


def test_states_of_a_zone_are_countries_of_ours() -> None:
    assert [country_of(code) for code in ("TUR", "D", "GBD", "RUS", "CHN", "XXA", "RKS", "QQQ")] == [
        "TR", "DE", "GB", "RU", "CN", "", "", ""]  # fmt: skip
    assert [code_of(code) for code in ("TR", "DE", "GB", "XA-ABK")] == ["TUR", "D", "GBR", ""]


@pytest.mark.parametrize(
    ("wrong", "place", "found", "instead"),
    [
        (PASSPORT.replace("L898902", "L8989O2"), (1, 5), "O", "0"),
        (PASSPORT.replace("740812", "7408I2"), (1, 17), "I", "1"),
        (PASSPORT.replace("C36UTO", "C3GUTO"), (1, 9), "G", "6"),
        (PASSPORT.replace("F1204", "FI2O4"), (1, 21), "I", "1"),
        (PASSPORT.replace("ANNA", "4NNA"), (0, 15), "4", "A"),
        (PASSPORT[:-1] + "5", (1, 43), "5", "0"),
        (LONG_CARD.replace("7349", "73A9"), (0, 17), "A", "4"),
        (PASSPORT.replace("L898902", "L889902"), (1, 2), "89", "98"),
        (PASSPORT.replace("740812", "748012"), (1, 15), "80", "08"),
        (PASSPORT.replace("C36UTO", "C63UTO"), (1, 8), "63", "36"),
    ],
    ids=["O for 0 in a number", "I for 1 in a date", "a digit itself", "two in one date", "digit in a name",
         "the last digit", "beyond nine characters", "two swapped in a number", "two swapped in a date",
         "the check digit swapped"],
)  # fmt: skip
def test_doubtful_character_is_marked_and_its_correction_agrees(
    wrong: str, place: tuple[int, int], found: str, instead: str
) -> None:
    zone = parse(wrong, TODAY)
    answer = doubts(zone, TODAY)
    assert (*place, found, instead) in [tuple(one) for one in answer.marked]
    mended = [parse("\n".join(one.lines), TODAY) for one in answer.corrections]
    assert mended != []
    assert all(one.sound for one in mended)


def test_letter_in_a_date_is_read_as_a_digit_only_where_the_check_digit_would_then_agree() -> None:
    other = PASSPORT.replace("L898902C36", "L898902C37").replace("F120415", "F120416")  # no single change helps
    agrees, still_wrong = other.replace("740812", "7408I2"), other.replace("740812", "7408Z2")
    found = [doubts(parse(text, TODAY), TODAY) for text in (agrees, still_wrong)]
    assert [[tuple(one) for one in each.marked] for each in found] == [[(1, 17, "I", "1")], [(1, 17, "Z", "")]]
    assert [each.corrections for each in found] == [(), ()]


WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
NUMBERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=9)


@st.composite
def zones(draw: st.DrawFn) -> tuple[Format, ZoneData]:
    """Draw whatever a state may print."""
    form = draw(st.sampled_from(list(Format)))
    longest = {Format.TD1: 22, Format.TD2: 14}.get(form, 9)
    number = draw(NUMBERS | st.text("ABCXYZ0189", min_size=1, max_size=longest))
    code = draw(st.sampled_from(["V"] if form in (Format.MRVA, Format.MRVB) else ["P", "PP", "PD", "I", "AC", "C"]))
    data = ZoneData(
        code=code, state=draw(st.sampled_from(["UTO", "D", "TUR", "RUS"])), number=number,
        nationality=draw(st.sampled_from(["UTO", "D", "XXA"])),
        birth=draw(st.dates(TODAY - timedelta(days=99 * 365), TODAY)),
        sex=draw(st.sampled_from(["male", "female", "unknown"])),
        expiry=draw(st.dates(date(1978, 1, 1), date(2076, 12, 31))), family=draw(NAMES),
        given=draw(NAMES | st.just("")), optional="" if len(number) > 9 else draw(st.sampled_from(["", "ZE184"])),
        second_optional=draw(st.sampled_from(["", "X1"])) if form is Format.TD1 else "",
    )  # fmt: skip
    return form, data


@given(zones())
def test_composed_zone_parses_back(drawn: tuple[Format, ZoneData]) -> None:
    form, data = drawn
    zone = parse("\n".join(compose(form, data)), TODAY)
    assert zone.birth is not None
    assert zone.expiry is not None
    assert zone.sound
    assert ZoneData(
        zone.code, zone.state, zone.number, zone.nationality, zone.birth.day or "", zone.sex, zone.expiry.day or "",
        data.family, data.given, zone.optional, zone.second_optional,
    ) == data  # fmt: skip
    if zone.cut:
        read, whole = f"{zone.family} {zone.given}".split(), f"{data.family} {data.given}".split()
        assert all(any(word.startswith(cut) for word in whole) for cut in read)
    else:
        assert (zone.family, zone.given) == (data.family, data.given)


def _covered(form: Format) -> list[tuple[int, int]]:
    layout = LAYOUTS[form]
    fields = [
        *((line, start, end + 1) for line, start, end in (layout.number, layout.birth, layout.expiry)),
        *layout.whole,
    ]
    return sorted({(line, place) for line, start, end in fields for place in range(start, end)})


@settings(max_examples=400)
@given(zones(), st.data())
def test_a_single_wrong_character_is_noticed_where_a_digit_covers_it(
    drawn: tuple[Format, ZoneData], data: st.DataObject
) -> None:
    """A digit is reckoned modulo 10, so 0, A, K, U and the filler (values 0, 10, 20, 30) are one to it; the rest is
    noticed, for the weights 7, 3 and 1 have no factor in common with 10."""
    form, given_data = drawn
    lines = [list(line) for line in compose(form, given_data)]
    line, place = data.draw(st.sampled_from(_covered(form)))
    before, after = lines[line][place], data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"))
    assume(check_digit(before) != check_digit(after))
    lines[line][place] = after
    assert not parse("\n".join("".join(row) for row in lines), TODAY).sound


@pytest.mark.parametrize("card", [CARD, LONG_CARD])
def test_card_typed_without_its_last_fillers_is_a_card(card: str) -> None:
    zone = parse("\n".join(line.rstrip("<") for line in card.splitlines()), TODAY)
    assert (zone.format, zone.lines, zone.sound) == (Format.TD1, tuple(card.splitlines()), True)


@pytest.mark.parametrize(
    ("place", "part", "field"),
    [(4, Part.NUMBER, (1, 0, 10)), (15, Part.BIRTH, (1, 13, 20)), (24, Part.EXPIRY, (1, 21, 28))],
)  # fmt: skip
@pytest.mark.parametrize("slip", ["lost", "doubled"])
def test_character_lost_or_doubled_is_looked_for_in_its_field_alone(
    place: int, part: Part, field: tuple[int, int, int], slip: str
) -> None:
    first, second = PASSPORT.splitlines()
    again = "" if slip == "lost" else second[place] * 2
    zone = parse(f"{first}\n{second[:place]}{again}{second[place + 1 :]}", TODAY)
    assert (Remark.CHARACTER_LOST in zone.warnings, zone.sound) == (True, False)
    assert {check.part for check in zone.wrong} <= {part, Part.WHOLE}
    assert (zone.family, zone.given) == ("ERIKSSON", "ANNA MARIA")
    assert (doubts(zone, TODAY).corrections, doubts(zone, TODAY).fields) == ((), (field,))


@given(zones(), st.data())
def test_two_swapped_characters_of_a_checked_field_are_named(
    drawn: tuple[Format, ZoneData], data: st.DataObject
) -> None:
    lines = compose(*drawn)
    layout = LAYOUTS[drawn[0]]
    assume(layout.whole_at is not None)  # without a digit over all, half of the pairs would do
    line, start, end = data.draw(st.sampled_from([layout.number, layout.birth, layout.expiry]))
    place = data.draw(st.integers(start, end - 2))
    both = lines[line][place : place + 2]
    wrong = list(lines)
    wrong[line] = lines[line][:place] + both[::-1] + lines[line][place + 2 :]
    zone = parse("\n".join(wrong), TODAY)
    assume(zone.wrong and zone.lines == tuple(wrong) and zone.lost is None)
    answer = doubts(zone, TODAY)
    swaps = [one for one in answer.marked if len(one.found) == 2]
    named = (line, place, both[::-1], both) in [tuple(one) for one in swaps]
    assert named or (answer.corrections, answer.fields != ()) == ((), True)  # more than help anybody: the field is told
    assert len(answer.corrections) <= MOST
