"""Names of states, forms and parts as the pages of wordings show them."""

from collections.abc import Mapping, Sequence

from workflow.base.languages import N_
from workflow.knowledge.grammar.address import REVIEWED, UNREVIEWED, Addressed, salutation
from workflow.knowledge.grammar.cases import Gender
from workflow.papers.authoring.rules import VersionState

STATES: Mapping[str, str] = {
    VersionState.DRAFT: N_("Being written"),
    VersionState.ACTIVE: N_("In use"),
    VersionState.RETIRED: N_("Earlier version"),
    VersionState.DELETED: N_("Deleted"),
}
COLOURS: Mapping[str, str] = {
    VersionState.DRAFT: "amber",
    VersionState.ACTIVE: "green",
    VersionState.RETIRED: "grey",
    VersionState.DELETED: "grey",
}
REMOVED: Mapping[str, str] = {
    "macros": N_("macros"),
    "objects": N_("embedded objects"),
    "external": N_("links to the outside"),
    "fields": N_("fields that fetch or compute"),
    "parts": N_("parts that a template does not need"),
}
FORMS: Sequence[tuple[str, str, str]] = (
    ("date", "{{ visit.first_day|date }}", N_("a day in full: 12 May 2027")),
    ("short_date", "{{ visit.first_day|short_date }}", N_("a day in figures")),
    ("day_month", "{{ visit.first_day|day_month }}", N_("a day without its year")),
    ("weekday", "{{ visit.first_day|weekday }}", N_("the day of the week")),
    ("dates", "{{ visit|dates }}", N_("the dates of the visit")),
    ("from_to", "{{ visit|from_to }}", N_("the dates of the visit with “from … to …”")),
    ("genitive", "{{ office.signatory.name|genitive }}", N_("Russian genitive case")),
    ("dative", "{{ office.signatory.name|dative }}", N_("Russian dative case")),
    ("accusative", "{{ office.signatory.name|accusative }}", N_("Russian accusative case")),
    ("instrumental", "{{ office.signatory.name|instrumental }}", N_("Russian instrumental case")),
    ("prepositional", "{{ office.signatory.name|prepositional }}", N_("Russian prepositional case")),
    ("salutation", "{{ partner|salutation }}", N_("a salutation that suits the person and the language")),
    ("money", "{{ costs.total|money }}", N_("an amount in kopecks as it is written")),
    ("ordinal", "{{ loop.index|ordinal }}", N_("an ordinal number: 10th")),
    ("plural", '{{ visit.size|plural("person", "people") }}', N_("a word that agrees with a number")),
    ("lines", "{{ partner.addressee|lines }}", N_("several lines, one under the other")),
    ("join", '{{ delegation.members|pick("name")|join(", ") }}', N_("a list in one line")),
    ("upper_first", "{{ partner.name|upper_first }}", N_("with a capital letter")),
    ("lower_first", "{{ visit.purpose|lower_first }}", N_("with a small letter")),
    ("full_stop", "{{ visit.purpose|full_stop }}", N_("with a full stop at the end")),
    ("quotation", "{{ protocol.quote|quotation }}", N_("somebody’s words, in quotation marks")),
    ("needed", "{{ protocol.quote_approved_by|needed }}", N_("prints nothing, but approval waits for the fact")),
    ("default", '{{ visit.place|default("…") }}', N_("other words where the fact is not known")),
    ("elsewhere", '{{ visit.payer|elsewhere("…") }}',
     N_("other words where the fact is known in the other language only")),
)  # fmt: skip
"""Forms of a fact: the filter, an example to insert, and what it does."""
_MAYORS = {"ru": ("Мэр", "Андреев Пётр Ильич", "Андреева Анна Ильинична"), "zh": ("市长", "王示例", "王示例")}


def forms_of_address() -> list[tuple[str, str, bool]]:
    """How letters begin in each language that has forms of its own, to a mayor and to somebody unknown; whether a
    speaker has read them."""
    shown = []
    for language in sorted(REVIEWED | UNREVIEWED, key=lambda code: (code in UNREVIEWED, code)):
        post, man, woman = _MAYORS.get(language, ("Mayor", "Peter Sample", "Anna Sample"))
        people = (Addressed(man, post, Gender.MALE), Addressed(woman, post, Gender.FEMALE), Addressed())
        forms = dict.fromkeys(salutation(one, language) for one in people)
        shown.append((language, " · ".join(forms), language in REVIEWED))
    return shown


STATEMENTS: Sequence[tuple[str, str]] = (
    ("{% if visit.payer %}\n\n{% endif %}", N_("only if the fact is known")),
    ("{% if visit.payer %}\n\n{% else %}\n\n{% endif %}", N_("one text if the fact is known, another if not")),
)
PARTS: Mapping[str, str] = {
    "letterhead": N_("letterhead"),
    "reference": N_("number and date"),
    "addressee": N_("addressee"),
    "annex": N_("heading of an annex"),
    "subject": N_("subject line"),
    "title": N_("centred title"),
    "salutation": N_("salutation"),
    "closing": N_("closing words"),
    "signature": N_("signature: post | name"),
    "executor": N_("who prepared it"),
    "note": N_("small print"),
}
