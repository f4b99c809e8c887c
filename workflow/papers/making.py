"""What the child process makes for an act, done while no transaction is open (`base.slow_work`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.base.slow_work import ask_for, outcome_of
from workflow.papers.editions import Edition, Kind
from workflow.papers.engine import RENDERER, as_plain
from workflow.papers.plain import fingerprint
from workflow.papers.rendering import Format, Rendered
from workflow.papers.wording import Filled


@dataclass(frozen=True)
class Words:
    """The words of a wording filled with facts."""

    edition: Edition
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, kind: Kind, language: str, facts: Mapping[str, Any]) -> "Words":
        """Those of a kind's wording in one language."""
        return cls(Edition(kind.key, language, kind.wordings[language], kind.layout, ""), facts)

    @property
    def key(self) -> str:
        """A hash of wording and facts."""
        return fingerprint({"do": "words", "edition": as_plain(self.edition), "told": self.facts})

    def do(self) -> Filled:
        """Have them written.

        Raises:
            RenderError: as `RENDERER.draft`.
        """
        return RENDERER.draft(self.edition, self.facts)


@dataclass(frozen=True)
class PaperFile:
    """A paper laid out in one format."""

    edition: Edition
    facts: Mapping[str, Any]
    format: Format

    @property
    def key(self) -> str:
        """A hash of wording, facts and format."""
        return fingerprint({"do": self.format, "edition": as_plain(self.edition), "told": self.facts})

    def do(self) -> Rendered:
        """Have it laid out.

        Raises:
            RenderError: as `RENDERER.render`.
        """
        return RENDERER.render(self.edition, self.facts, self.format)


def written(kind: Kind, languages: Sequence[str], facts: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a paper as they are drafted, by language: a wording may have loops, and coordinators write it.

    Raises:
        RenderError: a wording has a fault.
    """
    works = [Words.of(kind, language, facts) for language in languages]
    ask_for(works)
    return {work.edition.language: _tidied(outcome_of(work).text) for work in works}


def _tidied(text: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip() + "\n"
