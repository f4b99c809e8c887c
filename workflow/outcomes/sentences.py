"""Sentences of the outcomes room."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "outcomes.is-open": N_("This outcome is open. Settle it first."),
    "outcomes.is-settled": N_("This outcome is settled. Open it again to change it."),
    "outcomes.too-many": N_("A visit holds at most {limit} outcomes."),
    "outcomes.note-missing": N_("Say why, or to whom it was handed over."),
    "outcomes.two-owners": N_("Choose one of us or write a name, not both."),
    "outcomes.visit-cancelled": N_("The visit is cancelled; nothing is recorded of it any more."),
    "outcomes.report-is-filed": N_("The report is filed. Open it again to change it."),
    "outcomes.report-not-filed": N_("The report is not filed."),
    "outcomes.there-are-outcomes": N_("Outcomes are written down for this visit already."),
    "outcomes.report-missing": N_("The report is not filed."),
    "outcomes.none-recorded": N_("No outcomes are written down. If there are none, say so."),
    "outcomes.still-open": N_("Outcomes are still open: {count}."),
    "outcomes.due-report": N_("File the report of the visit"),
    "outcomes.due-outcome": N_("Outcome: {what}"),
    "outcomes.outcome.added": N_("Outcome written down"),
    "outcomes.outcome.changed": N_("Outcome changed"),
    "outcomes.outcome.settled": N_("Outcome settled"),
    "outcomes.outcome.reopened": N_("Outcome opened again"),
    "outcomes.outcome.removed": N_("Outcome removed"),
    "outcomes.report.opened": N_("Report of the visit begun"),
    "outcomes.report.written": N_("Report of the visit written"),
    "outcomes.report.filed": N_("Report of the visit filed"),
    "outcomes.report.reopened": N_("Report of the visit opened again"),
    "outcomes.none.recorded": N_("Absence of outcomes recorded"),
}
