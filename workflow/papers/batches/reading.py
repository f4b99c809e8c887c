"""A list of recipients as XLSX, XLS or CSV: columns found by their headings, rows as they will be added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.base.errors import Invalid
from workflow.base.slow_work import outcome_of
from workflow.knowledge.names import fold, normalise
from workflow.papers.batches.rules import MOST_RECIPIENTS
from workflow.visits.lists.reading import MAX_BYTES, Table
from workflow.visits.lists.spreadsheets import ListFile, is_locked

__all__ = ["MAX_BYTES", "Line", "Preview", "read_list"]

HEADING_ROWS = 10
HEADINGS: Mapping[str, str] = {
    "name": "имя; фио; ф и о; фамилия имя отчество; адресат; name; full name; recipient; addressee; ad soyad; 姓名",
    "post": "должность; post; position; title; job title; görevi; 职务",
    "organisation": "организация; учреждение; орган; organisation; organization; body; company; kurum; 单位",
    "city": "город; населенный пункт; city; town; şehir; 城市",
    "country": "страна; государство; country; ülke; 国家",
    "address": "адрес; почтовый адрес; address; postal address; adres; 地址",
    "salutation": "обращение; salutation; greeting; hitap; 称呼",
    "gender": "пол; gender; sex; cinsiyet; 性别",
    "language": "язык; язык письма; language; dil; 语言",
    "email": "почта; эл почта; электронная почта; адрес электронной почты; e mail; email; mail; e posta; 邮箱",
}
"""What people call the columns; compared without case, points and accents."""

_GENDERS = {"м": "m", "муж": "m", "мужской": "m", "m": "m", "male": "m", "mr": "m", "г н": "m",
            "ж": "f", "жен": "f", "женский": "f", "f": "f", "female": "f", "ms": "f", "mrs": "f",
            "г жа": "f"}  # fmt: skip
_LANGUAGES = {"русский": "ru", "russian": "ru", "рус": "ru", "английский": "en", "english": "en", "англ": "en",
              "китайский": "zh", "chinese": "zh", "турецкий": "tr", "turkish": "tr", "немецкий": "de", "german": "de",
              "французский": "fr", "french": "fr", "болгарский": "bg", "bulgarian": "bg", "сербский": "sr",
              "serbian": "sr", "армянский": "hy", "armenian": "hy", "греческий": "el", "greek": "el"}  # fmt: skip


def _key(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(text)).split())


_INDEX = {_key(word): name for name, words in HEADINGS.items() for word in words.split(";")}


@dataclass(frozen=True)
class Line:
    """One row of a list: where it stands in the file, and what it says."""

    row: int
    values: Mapping[str, str]
    language: str
    gender: str


@dataclass(frozen=True)
class Preview:
    """A list that was read: which columns were found, which were passed over, and its rows."""

    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: tuple[Line, ...]

    def plain(self) -> dict[str, Any]:
        """Give what is stored."""
        return {
            "columns": list(self.columns), "ignored": list(self.ignored),
            "rows": [[line.row, dict(line.values), line.language, line.gender] for line in self.rows],
        }  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Preview":
        """Take what was stored."""
        rows = tuple(Line(row, values, language, gender) for row, values, language, gender in stored["rows"])
        return cls(tuple(stored["columns"]), tuple(stored["ignored"]), rows)


def _columns(cells: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        name = _INDEX.get(_key(cell[:100]))
        if name and name not in found.values():
            found[at] = name
    return found


def _headings(table: Table) -> tuple[int, dict[int, str]]:
    tried = [(at, _columns(row)) for at, row in enumerate(table.rows[:HEADING_ROWS])]
    return max(tried, key=lambda one: len(one[1]), default=(0, {}))


def read_list(data: bytes, *, is_csv: bool) -> Preview:
    """Read the sheet in which the most columns are known.

    Raises:
        Invalid: damaged, locked, empty, without a column of names, or with more rows than a batch takes.
    """
    if is_locked(data):
        raise Invalid("visits.list-password", field="file")
    tables = [table for table in outcome_of(ListFile(data, is_csv)) if table.rows]
    if not tables:
        raise Invalid("visits.list-empty", field="file")
    table = max(tables, key=lambda one: len(_headings(one)[1]))
    first, columns = _headings(table)
    if not {"name", "organisation"} & set(columns.values()):
        raise Invalid("papers.batch-no-names", field="file")
    rows = [
        _line(number, row, columns)
        for number, row in enumerate(table.rows[first + 1 :], start=first + 2)
        if any(row[at].strip() for at, name in columns.items() if name not in ("language", "gender"))
    ]
    if not rows:
        raise Invalid("visits.list-empty", field="file")
    if len(rows) > MOST_RECIPIENTS:
        raise Invalid("papers.batch-too-many", field="file", limit=MOST_RECIPIENTS)
    ignored = tuple(normalise(cell)[:100] for at, cell in enumerate(table.rows[first]) if cell and at not in columns)
    return Preview(tuple(columns.values()), ignored, tuple(rows))


def _line(number: int, row: Sequence[str], columns: Mapping[int, str]) -> Line:
    said = {name: normalise(row[at]) for at, name in columns.items() if at < len(row)}
    language, gender = said.pop("language", ""), said.pop("gender", "")
    code = _LANGUAGES.get(_key(language), language.lower() if len(language) == 2 and language.isascii() else "")
    return Line(number, {name: text for name, text in said.items() if text}, code if code.isalpha() else "",
                _GENDERS.get(_key(gender), ""))  # fmt: skip
