"""Makes a zone from data, as an issuing state prints it; for specimens and tests."""

from dataclasses import dataclass
from datetime import date

from workflow.knowledge.mrz.shapes import FILLER, LAYOUTS, OVERFLOWING, Format, check_digit
from workflow.knowledge.names import normalise_latin

_SEXES = {"male": "M", "female": "F"}


@dataclass(frozen=True, slots=True)
class ZoneData:
    """What stands in a zone. A date may be given as the zone prints it, when parts of it are unknown ("74<<<<")."""

    code: str
    state: str
    number: str
    nationality: str
    birth: date | str
    sex: str
    expiry: date | str
    family: str
    given: str = ""
    optional: str = ""
    second_optional: str = ""


def compose(form: Format, data: ZoneData) -> tuple[str, ...]:
    """Make the lines of a zone, check digits and all.

    Raises:
        ValueError: the number is too long for the format.
    """
    layout = LAYOUTS[form]
    rows = [[FILLER] * layout.width for _ in range(layout.lines)]

    def put(line: int, start: int, text: str) -> None:
        rows[line][start : start + len(text)] = text

    put(0, 0, data.code.ljust(2, FILLER)[:2])
    put(0, 2, data.state.ljust(3, FILLER)[:3])
    line, start, end = layout.names
    put(line, start, name_field(data.family, data.given, end - start))
    number, digit, optional = _number_and_data(form, data)
    line, start, end = layout.number
    put(line, start, number)
    put(line, end, digit)
    line, start, _ = layout.optional
    put(line, start, optional)
    line, start, _ = layout.nationality
    put(line, start, data.nationality.ljust(3, FILLER)[:3])
    for value, (line, start, end) in ((data.birth, layout.birth), (data.expiry, layout.expiry)):
        text = value if isinstance(value, str) else value.strftime("%y%m%d")
        put(line, start, text)
        put(line, end, check_digit(text))
    put(*layout.sex, _SEXES.get(data.sex, FILLER))
    if layout.optional_checked:
        line, start, end = layout.optional
        put(line, end, check_digit("".join(rows[line][start:end])) if data.optional else FILLER)
    if layout.second_optional is not None:
        line, start, end = layout.second_optional
        put(line, start, data.second_optional[: end - start])
    if layout.whole_at is not None:
        covered = "".join("".join(rows[line][start:end]) for line, start, end in layout.whole)
        put(*layout.whole_at, check_digit(covered))
    return tuple("".join(row) for row in rows)


def _number_and_data(form: Format, data: ZoneData) -> tuple[str, str, str]:
    """Give the nine characters of the number, what stands where its digit belongs, and the optional data."""
    _line, start, end = LAYOUTS[form].optional
    room = end - start
    if len(data.number) <= 9:
        number = data.number.ljust(9, FILLER)
        return number, check_digit(number), data.optional[:room]
    rest = f"{data.number[9:]}{check_digit(data.number)}{FILLER}"
    if form not in OVERFLOWING or len(rest) > room:
        raise ValueError(f"a number of {len(data.number)} characters has no room in {form}")
    return data.number[:9], FILLER, f"{rest}{data.optional}"[:room]


def name_field(family: str, given: str, width: int) -> str:
    """Write names as a zone does: hyphens and spaces are fillers, apostrophes fall out; too long ones are cut.

    A family name that would fill the field leaves room for the first letter of the given names (part 4, 4.2.3).
    """
    first, second = _letters(family), _letters(given)
    whole = f"{first}<<{second}" if second else first
    if len(whole) <= width:
        return whole.ljust(width, FILLER)
    if second and len(first) > width - 3:
        whole = f"{first[: width - 3].rstrip(FILLER)}<<{second}".ljust(width, FILLER)
    if whole[width - 1] == FILLER and len(whole) > width:  # a cut name ends in a letter: the word before gives one
        whole = whole[: width - 2] + whole[width - 1 :]
    return whole[:width]


def _letters(name: str) -> str:
    latin = normalise_latin(name).replace("-", " ").replace("'", "").replace(".", "").replace(",", "")
    return FILLER.join(latin.split())
