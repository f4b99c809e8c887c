"""Cases, genders, and a proposed form."""

from dataclasses import dataclass
from enum import StrEnum


class Case(StrEnum):
    """The cases of Russian in the order of its grammars."""

    NOMINATIVE = "nominative"
    GENITIVE = "genitive"
    DATIVE = "dative"
    ACCUSATIVE = "accusative"
    INSTRUMENTAL = "instrumental"
    PREPOSITIONAL = "prepositional"


OBLIQUE = tuple(case for case in Case if case is not Case.NOMINATIVE)


class Gender(StrEnum):
    """As facts name it; stored, never guessed from a name."""

    MALE = "m"
    FEMALE = "f"
    UNKNOWN = ""


def gender_of(told: object) -> Gender:
    """Read a gender as any room writes it ("m", "male", "f", "female"); anything else is unknown."""
    return {"m": Gender.MALE, "male": Gender.MALE, "f": Gender.FEMALE, "female": Gender.FEMALE}.get(
        str(told or ""), Gender.UNKNOWN
    )


class Role(StrEnum):
    """What a text names, which decides by which rules it is inflected."""

    PERSON = "person"
    POST = "post"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A form, and whether the rules are sure of it; what is not sure is shown to a person."""

    form: str
    sure: bool
