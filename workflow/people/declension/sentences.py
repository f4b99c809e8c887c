"""The sentences of confirmed forms."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "declension.no-text": N_("Give the name, post or city in the nominative, 300 letters at most."),
    "declension.meanwhile": N_("Somebody has just confirmed forms of the same text. Open the page again."),
    "declension.no-russian-name": N_("This person has no Russian name yet. Enter it on the card first."),
    "people.forms.confirmed": N_("Case forms confirmed"),
    "declension.done-confirmed": N_("The forms are confirmed. Papers drafted from now on use them."),
}
