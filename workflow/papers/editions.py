"""Kinds of papers and their wordings, as they lie in `templates/papers/<kind>/`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workflow.knowledge.lined_yaml import InvalidFilesError, Problem, read_lined_yaml
from workflow.papers.values import WordingError
from workflow.papers.wording import check

WORDINGS = Path(__file__).resolve().parents[2] / "templates" / "papers"

Layout = Literal["letter", "order", "document", "journal", "plates", "badges", "diploma"]
Subject = Literal["visit", "member", "recipient", "assignment", "conversation", "year"]
PHOTO = "photo-"
IDENTITY = "identity"
IDENTITY_KINDS = frozenset({"petition", "visa-support"})
"""The only kinds that may say passport numbers and birth dates: those that by law and by consulates' rules must
(115-FZ art. 16 for the petition; `domain/practice.md` §3, 4 and 5)."""


class KindFile(BaseModel):
    """What `kind.yaml` says, checked when it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titles: dict[str, str]
    subjects: dict[str, str] = Field(default_factory=dict)
    """The paper's own subject line by language: «О направлении приглашения»."""
    subject: Subject = "visit"
    layout: Layout = "letter"
    sections: tuple[str, ...]
    languages: tuple[str, ...]
    official: bool
    """Official papers are approved, numbered and verified; others are working papers, printed at once."""
    numbered: bool = False
    series: str = ""
    reply: bool = False
    """An answer to it is awaited."""
    stays: bool = False
    """It does not leave the house: once signed it is made known and filed, not sent."""
    directions: tuple[Literal["incoming", "outgoing", "online", "hosted"], ...] = ()
    """The directions of visits that it is meant for; none named means all."""


@dataclass(frozen=True)
class Kind:
    """A kind of paper."""

    key: str
    titles: Mapping[str, str]
    subjects: Mapping[str, str]
    subject: Subject
    layout: Layout
    sections: tuple[str, ...]
    languages: tuple[str, ...]
    official: bool
    numbered: bool
    series: str
    reply: bool
    wordings: Mapping[str, str]
    directions: tuple[str, ...] = ()
    stays: bool = False
    versions: Mapping[str, int] = field(default_factory=dict)
    """Which version of a wording stands here by language, where it is not the one as delivered."""

    def title(self, language: str) -> str:
        """The kind's name in a language."""
        return self.titles.get(language) or self.titles["en"]

    def subject_line(self, language: str) -> str:
        """What the register says it is about."""
        return self.subjects.get(language) or self.title(language)


@dataclass(frozen=True)
class Edition:
    """Exactly what is laid out: wording, layout, language, pictures."""

    kind: str
    language: str
    wording: str
    layout: Layout
    title: str
    official: bool = True
    images: Mapping[str, bytes] = field(default_factory=dict)
    """`arms` as SVG, PNG or JPEG; `photo-1` and so on as JPEG, for badges."""
    template: bytes = b""
    """A DOCX template of the office's own, scrubbed and activated: the paper's DOCX is made of it."""


def _read(folder: Path) -> Kind:
    name = f"{folder.name}/kind.yaml"
    lined = read_lined_yaml(name, (folder / "kind.yaml").read_text(encoding="utf-8"))
    try:
        told = KindFile.model_validate(lined.data)
    except ValidationError as error:
        raise InvalidFilesError(lined.problems_of(error)) from error
    if told.series and not told.numbered:
        raise InvalidFilesError([lined.problem(("series",), "a paper with a series says `numbered: true`, too")])
    if IDENTITY in told.sections and not carries_identity(folder.name):
        raise ValueError(f"{folder.name}: only {', '.join(sorted(IDENTITY_KINDS))} may name the facts `{IDENTITY}`")
    wordings: dict[str, str] = {}
    for language in told.languages:
        place = folder / f"{language}.md"
        if not place.exists():
            raise InvalidFilesError([lined.problem(("languages",), f"there is no wording {place.name} beside it")])
        source = place.read_text(encoding="utf-8")
        try:
            check(source)
        except WordingError as error:
            told_of = Problem(f"{folder.name}/{place.name}", error.line or 1, "", error.detail or error.code)
            raise InvalidFilesError([told_of]) from error
        wordings[language] = source
    return Kind(
        folder.name,
        told.titles,
        told.subjects,
        told.subject,
        told.layout,
        told.sections,
        told.languages,
        told.official,
        told.numbered,
        told.series,
        told.reply,
        wordings,
        told.directions,
        told.stays,
    )


def carries_identity(key: str) -> bool:
    """Say whether papers of a kind hold passport data: for those who may read people, never for translators."""
    return key in IDENTITY_KINDS


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind, by its folder's name.

    Raises:
        InvalidFilesError: a faulty one fails here, at start, with file and line.
    """
    folders = sorted(path.parent for path in WORDINGS.glob("*/kind.yaml"))
    return {folder.name: _read(folder) for folder in folders}


def expect_known_sections(known: Collection[str]) -> None:
    """Refuse kinds that ask for facts which no room collects: every fact of theirs would be missing.

    Raises:
        InvalidFilesError: with each such section.
    """
    strange = [Problem(f"{each.key}/kind.yaml", 1, "sections", f"nobody collects the facts `{name}`; see docs/facts.md")
               for each in kinds().values() for name in each.sections if name not in known]  # fmt: skip
    if strange:
        raise InvalidFilesError(strange)


def kind(key: str) -> Kind:
    """The kind of that name.

    Raises:
        LookupError: there is none.
    """
    try:
        return kinds()[key]
    except KeyError:
        raise LookupError(f"unknown kind of paper {key!r}; known: {', '.join(kinds())}") from None


def edition(
    key: str, language: str, *, wording: str | None = None, title: str = "", images: Mapping[str, bytes] | None = None
) -> Edition:
    """The edition of a kind in a language, with its wording as delivered or another one.

    Raises:
        LookupError: no such kind, or it has no wording in this language and none was given.
    """
    found = kind(key)
    if wording is None and language not in found.wordings:
        raise LookupError(f"{key} has no wording in {language!r}")
    return Edition(
        key,
        language,
        found.wordings[language] if wording is None else wording,
        found.layout,
        title or found.title(language),
        found.official,
        dict(images or {}),
    )
