"""Sentences of the desks."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "desk.job.settled": N_("Somebody decided what becomes of a job that had stopped"),
    "desk.no-such-verdict": N_("Choose one of the offered decisions."),
}
