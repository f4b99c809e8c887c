"""Sentences of a visit's logistics."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "programme.not-an-amount": N_("Write an amount in figures: 12 500 or 12 500,50."),
    "programme.nights-swapped": N_("The day of departure must be later than the day of arrival."),
    "programme.entered-already": N_("This is entered already. Open it and change it."),
    "programme.task-entered-already": N_("A task of this traveller is entered already. Open it and change it."),
    "programme.logistics.changed": N_("Logistics changed"),
}
