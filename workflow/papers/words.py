"""Names of kinds, states, acts and languages as pages show them."""

from collections.abc import Mapping

from workflow.base.languages import N_
from workflow.papers import editions
from workflow.papers.rules import CheckDecision, How, NumberSource, PaperState, Standing

STATES: Mapping[str, str] = {
    PaperState.DRAFT: N_("Draft"),
    PaperState.SUBMITTED: N_("Waits for approval"),
    PaperState.RETURNED: N_("Returned"),
    PaperState.APPROVED: N_("Approved"),
    PaperState.SIGNED: N_("Signed"),
    PaperState.SENT: N_("Sent"),
    PaperState.SUPERSEDED: N_("Replaced"),
    PaperState.REVOKED: N_("Revoked"),
}
COLOURS: Mapping[str, str] = {
    PaperState.DRAFT: "grey",
    PaperState.SUBMITTED: "amber",
    PaperState.RETURNED: "red",
    PaperState.APPROVED: "blue",
    PaperState.SIGNED: "green",
    PaperState.SENT: "green",
    PaperState.SUPERSEDED: "grey",
    PaperState.REVOKED: "red",
}
NEXT: Mapping[str, str] = {
    PaperState.DRAFT: N_("Check the text and hand it in for approval"),
    PaperState.SUBMITTED: N_("A manager approves or returns it"),
    PaperState.RETURNED: N_("Correct it and hand it in again"),
    PaperState.APPROVED: N_("Print, have it signed, upload the scan"),
    PaperState.SIGNED: N_("Send it"),
    PaperState.SENT: N_("Nothing more to do"),
    PaperState.SUPERSEDED: N_("Replaced by a newer paper"),
    PaperState.REVOKED: N_("No longer in force"),
}
FILE_IT = N_("Acquaint those whom it concerns and file it")
DECISIONS: Mapping[str, str] = {
    CheckDecision.OPEN: N_("Not yet"),
    CheckDecision.AGREED: N_("Agreement given"),
    CheckDecision.REMARKED: N_("Agreed with a remark"),
    CheckDecision.REFUSED: N_("Not agreed"),
}
DECISION_COLOURS: Mapping[str, str] = {
    CheckDecision.OPEN: "grey",
    CheckDecision.AGREED: "green",
    CheckDecision.REMARKED: "amber",
    CheckDecision.REFUSED: "red",
}
STANDINGS: Mapping[str, str] = {
    Standing.GIVEN: N_("Number given"),
    Standing.SIGNED: N_("Signed"),
    Standing.SENT: N_("Sent"),
    Standing.REPLACED: N_("Replaced"),
    Standing.ANNULLED: N_("Annulled"),
}
STANDING_COLOURS: Mapping[str, str] = {
    Standing.GIVEN: "blue",
    Standing.SIGNED: "green",
    Standing.SENT: "green",
    Standing.REPLACED: "grey",
    Standing.ANNULLED: "red",
}
HOWS: Mapping[str, str] = {
    How.HAND: N_("By hand"),
    How.POST: N_("By post"),
    How.SYSTEM: N_("Through another system"),
    How.MAIL: N_("By e-mail"),
}
SOURCES: Mapping[str, str] = {
    NumberSource.OWN: N_("From our own series"),
    NumberSource.TYPED: N_("As in the city’s records system"),
    NumberSource.NONE: N_("Later"),
}
LANGUAGES: Mapping[str, str] = {
    "ru": N_("Russian"),
    "en": N_("English"),
    "zh": N_("Chinese"),
    "tr": N_("Turkish"),
    "el": N_("Greek"),
    "bg": N_("Bulgarian"),
    "sr": N_("Serbian"),
    "hy": N_("Armenian"),
    "fr": N_("French"),
    "de": N_("German"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "pl": N_("Polish"),
    "vi": N_("Vietnamese"),
}
MAILS: Mapping[str, str] = {
    "queued": N_("waits to be sent"),
    "sent": N_("handed over"),
    "failed": N_("could not be sent"),
    "uncertain": N_("uncertain whether it went out"),
    "withdrawn": N_("withdrawn"),
}
VERDICTS: Mapping[str, str] = {
    PaperState.APPROVED: N_("This paper exists but is not signed yet."),
    PaperState.SIGNED: N_("This paper is genuine and in force."),
    PaperState.SENT: N_("This paper is genuine and in force."),
    PaperState.SUPERSEDED: N_("This paper was genuine but has been replaced by a newer one."),
    PaperState.REVOKED: N_("This paper has been revoked and is not in force."),
}
FILES: Mapping[bool | None, str] = {
    True: N_("The file is exactly the one that was issued under this code."),
    False: N_("The file is not the one that was issued under this code, or was changed since."),
    None: N_("Choose a file."),
}
UNKNOWN_CODE = N_("No paper is known under this code. Check it letter by letter.")


MARKS: Mapping[str, str] = {
    "::: letterhead": N_("The head of the sheet: our name; under the line --- our address."),
    "::: reference": N_("Here the system prints number and date, or leaves room for them."),
    "::: addressee": N_("To whom: at the right, line by line."),
    "::: annex": N_("The heading of an annex, at the right; its number and date are printed by the system."),
    "::: subject": N_("What the letter is about."),
    "::: title": N_("The title, in the middle of the sheet."),
    "::: salutation": N_("How the addressee is greeted."),
    "::: closing": N_("The closing words."),
    "::: signature": N_("Who signs: post | name, each signatory in a line."),
    "::: executor": N_("Who prepared the letter, in small print at the foot."),
    "::: note": N_("Small print."),
    "::: plate": N_("One name plate; under the line --- its other side."),
    "::: badge": N_("One badge; the line --- parts its fields."),
    "::: pagebreak": N_("Here a new page begins."),
    ":::": N_("The part above ends here."),
    "#": N_("A heading."),
    "-": N_("A line of a list."),
    "|": N_("A row of a table: bars stand between the cells."),
    "**": N_("Words between two pairs of stars are bold."),
    "{{ }}": N_("A fact that is filled in at approval; write your own words in its place if you like."),
    "\\": N_("At the end of a line: the next words begin a new line, not a new paragraph."),
}
"""Every mark of a paper's text and what it means to whoever edits it."""


def marks_in(text: str) -> list[tuple[str, str]]:
    """The marks that stand in a text, in the order of `MARKS`, with what they mean."""
    lines = [line.strip() for line in text.splitlines()]
    first = {" ".join(line.split()[:2]) for line in lines if line.startswith(":::")}
    first |= {line[0] for line in lines if line.startswith(("#", "- ", "|"))}
    first |= {mark for mark, sign in (("**", "**"), ("{{ }}", "{{")) if sign in text}
    first |= {"\\"} if any(line.endswith("\\") for line in lines) else set()
    return [(mark, meaning) for mark, meaning in MARKS.items() if mark in first]


def next_step(kind: str, state: str) -> str:
    """The English msgid of what comes next for a paper of a kind: one that stays in the house is not sent."""
    found = editions.kinds().get(kind)
    return FILE_IT if state == PaperState.SIGNED and found and found.stays else NEXT[state]


def kind_name(key: str, language: str) -> str:
    """A kind's name in a language; its key when the kind is gone."""
    found = editions.kinds().get(key)
    return found.title(language) if found else key


def kinds_by_name(language: str) -> list[tuple[str, str]]:
    """Every kind that somebody signs, with its name, sorted by name: for fields of other rooms."""
    named = [(kind.key, kind.title(language)) for kind in editions.kinds().values() if kind.official]
    return sorted(named, key=lambda pair: pair[1].casefold())


def language_name(code: str) -> str:
    """The English msgid of a language's name, or its code."""
    return LANGUAGES.get(code, code)
