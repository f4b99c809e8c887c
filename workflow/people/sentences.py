"""The sentences of persons and passports."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "people.name-missing": N_("Give a family name in at least one writing."),
    "people.unknown-field": N_("There is no such field: {name}."),
    "people.unknown-country": N_("There is no such country in the list."),
    "people.passport-number-missing": N_("Give the passport number."),
    "people.passport-country": N_("There is no such country in the list."),
    "people.passport-dates": N_("The passport must expire after it was issued."),
    "people.passport-of-another": N_("This passport belongs to another person already. Check the number."),
    "people.birth-date-in-future": N_("The birth date lies in the future."),
    "people.not-latin": N_("Only Latin letters, spaces, hyphens and apostrophes, as in the passport."),
    "people.person.registered": N_("Person entered"),
    "people.person.corrected": N_("Person's data corrected"),
    "people.person.revealed": N_("Personal data looked at"),
    "people.passport.changed": N_("Passport entered or changed"),
    "people.done-saved": N_("Saved."),
    "people.done-passport": N_("The passport is entered. Visa cases will be reckoned anew."),
    "people.done-retired": N_("The passport is marked as no longer in use."),
}
