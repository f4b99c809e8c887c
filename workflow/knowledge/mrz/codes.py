"""Codes of documents and of states in a zone.

Document codes: ICAO Doc 9303 part 4, 4.2.2.3 (eighth edition names two-letter codes, expected of new passports from
2026; older passports print `P<` or a second letter of the state's own choice, so the kind is only proposed). States:
part 3, section 5, which knows more than ISO 3166-1.
"""

from dataclasses import dataclass
from enum import StrEnum

from babel.core import get_global

from workflow.knowledge.countries import is_known_country


class DocumentKind(StrEnum):
    """What a document is, as far as its code tells."""

    ORDINARY = "ordinary"
    SERVICE = "service"
    DIPLOMATIC = "diplomatic"
    EMERGENCY = "emergency"
    MILITARY = "military"
    REFUGEE = "refugee"
    ALIEN = "alien"
    STATELESS = "stateless"
    LAISSEZ_PASSER = "laissez-passer"
    IDENTITY_CARD = "identity-card"
    CREW = "crew"
    VISA = "visa"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind that a code proposes, and whether the code leaves no doubt."""

    kind: DocumentKind
    certain: bool


_K = DocumentKind
_PASSPORTS = {
    "P": Kind(_K.ORDINARY, certain=False),  # `P<` stood on service and diplomatic passports also
    "PP": Kind(_K.ORDINARY, certain=True),
    "PN": Kind(_K.ORDINARY, certain=False),
    "PC": Kind(_K.ORDINARY, certain=False),
    "PD": Kind(_K.DIPLOMATIC, certain=True),
    "PO": Kind(_K.SERVICE, certain=True),
    "PS": Kind(_K.SERVICE, certain=False),  # service with many states, stateless in the eighth edition
    "PE": Kind(_K.EMERGENCY, certain=True),
    "PM": Kind(_K.MILITARY, certain=True),
    "PR": Kind(_K.REFUGEE, certain=True),
    "PT": Kind(_K.ALIEN, certain=False),
    "PL": Kind(_K.LAISSEZ_PASSER, certain=True),
    "PU": Kind(_K.LAISSEZ_PASSER, certain=False),
}
_STATELESS = frozenset({"XXA", "XXB", "XXC"})
_STATES = {"D": "DE", "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB", "GBS": "GB"}
WITHOUT_COUNTRY = frozenset(
    {"RKS", "UNO", "UNA", "UNK", "XAA", "XBA", "XCC", "XCE", "XCO", "XEC", "XES", "XIM", "XMP", "XOM", "XPO", "XXA",
     "XXB", "XXC", "XXX", "EUE", "IAO", "NTZ", "UTO"}
)  # fmt: skip
"""Codes that are right and yet no country of our table: bodies, stateless persons, the specimen's Utopia."""
_PAST = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})


def _three_letters() -> dict[str, str]:
    aliases = get_global("territory_aliases")
    return {
        code: to[0] for code, to in aliases.items()
        if len(code) == 3 and code.isalpha() and code not in _PAST and len(to) == 1 and is_known_country(to[0])
    }  # fmt: skip


_COUNTRIES = _three_letters() | _STATES
_CODES = {country: code for code, country in _COUNTRIES.items() if code not in _STATES}


def country_of(code: str) -> str:
    """Give our country for a zone's code; empty where there is none (bodies, stateless persons, a wrong code)."""
    return _COUNTRIES.get(code, "")


def code_of(country: str) -> str:
    """Give a zone's code for one of our countries; empty where there is none."""
    return "D" if country == "DE" else _CODES.get(country, "")


def is_known_state(code: str) -> bool:
    """Tell whether such a code may stand in a zone."""
    return code in _COUNTRIES or code in WITHOUT_COUNTRY


def kind_of(code: str, nationality: str = "") -> Kind:
    """Propose what the document is from its code; `PS` of a stateless person is no service passport."""
    if code == "PS" and nationality in _STATELESS:
        return Kind(_K.STATELESS, certain=True)
    if code in _PASSPORTS:
        return _PASSPORTS[code]
    if code.startswith("P"):
        return Kind(_K.ORDINARY, certain=False)
    if code.startswith("V"):
        return Kind(_K.VISA, certain=True)
    if code == "AC":
        return Kind(_K.CREW, certain=True)
    if code[:1] in {"I", "A", "C"}:
        return Kind(_K.IDENTITY_CARD, certain=False)
    return Kind(_K.UNKNOWN, certain=False)
