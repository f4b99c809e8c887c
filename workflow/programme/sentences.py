"""Sentences of the programme room."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "programme.times-swapped": N_("The end must be later than the beginning."),
    "programme.local-times": N_("Give the local time of the place, without a zone."),
    "programme.day-far-off": N_("This day is more than a year away from the visit."),
    "programme.two-interpreters": N_("Choose an interpreter from the list or write a name, not both."),
    "programme.full": N_("A programme holds at most {limit} items."),
    "programme.at-the-edge": N_("The item already stands at this end of its day."),
    "programme.visit-over": N_("The visit is closed or cancelled; its programme is not changed any more."),
    "programme.dates-missing": N_("Set the dates of both visits first."),
    "programme.not-empty": N_("This visit has a programme already. Remove its items first."),
    "programme.too-few-items": N_("Programme items: {count}; needed: at least {min}."),
    "programme.interpreter-missing": N_("No interpreter is named for “{title}” on {day}."),
    "programme.item.changed": N_("Programme changed"),
}
