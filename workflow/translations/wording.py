"""What states, verbs, purposes and languages are called: English, translated when shown."""

from functools import cache

from babel import Locale

from workflow.base.languages import N_
from workflow.translations.rules import LANGUAGES, AssignmentState, Purpose, Verb

STATES: dict[AssignmentState, str] = {
    AssignmentState.DRAFT: N_("Draft"),
    AssignmentState.OPEN: N_("Open"),
    AssignmentState.CLAIMED: N_("In work"),
    AssignmentState.SUBMITTED: N_("Being checked"),
    AssignmentState.RETURNED: N_("Returned"),
    AssignmentState.ACCEPTED: N_("Accepted"),
    AssignmentState.RELEASED: N_("Handed over"),
    AssignmentState.CANCELLED: N_("Cancelled"),
}
VERBS: dict[Verb, str] = {
    Verb.EDIT: N_("Change"),
    Verb.PUBLISH: N_("Open for translators"),
    Verb.CLAIM: N_("Take"),
    Verb.GIVE_BACK: N_("Give back"),
    Verb.SUBMIT: N_("Hand in"),
    Verb.RETURN: N_("Return with remarks"),
    Verb.ACCEPT: N_("Accept"),
    Verb.RELEASE: N_("Mark as handed over"),
    Verb.CANCEL: N_("Cancel the assignment"),
}
PURPOSES: dict[Purpose, str] = {
    Purpose.INFORMATION: N_("For information"),
    Purpose.LETTER: N_("Letter"),
    Purpose.SPEECH: N_("Speech"),
    Purpose.PRESENTATION: N_("Presentation"),
    Purpose.AGREEMENT: N_("Agreement, for signature"),
    Purpose.CERTIFICATE: N_("Certificate"),
    Purpose.PUBLICATION: N_("For publication"),
}


@cache
def _names(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(language).languages.items()}


def language_name(code: str, language: str) -> str:
    """Name a language in the reader's language; the code itself where it has no name."""
    return _names(language).get(code, code)


def language_choices(language: str) -> list[tuple[str, str]]:
    """Give (code, name) of the languages that can be chosen."""
    return [(code, language_name(code, language)) for code in LANGUAGES]


def direction(source: str, target: str, language: str) -> str:
    """Write a direction: "Turkish → Russian"."""
    return f"{language_name(source, language)} → {language_name(target, language)}"
