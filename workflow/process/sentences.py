"""Sentences of the process room's codes."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "process.titled": N_("{title}"),
    "process.visit-postponed": N_("The visit is postponed. Resume it first."),
    "process.visit-cancelled": N_("The visit is cancelled; it cannot go on. Open a new one if it is wanted again."),
    "process.visit-closed": N_("The visit is closed. A manager can reopen it by a step with a reason."),
    "process.visit-not-postponed": N_("The visit is not postponed, so there is nothing to resume."),
    "process.visit-already-postponed": N_("The visit is postponed already."),
    "process.visit-already-cancelled": N_("The visit is cancelled already."),
    "process.no-such-step": N_("There is no such step in this process. Reload the page and choose one of its buttons."),
    "process.step-not-open": N_("“{step}” does not lead on from the stage “{stage}”. Somebody may have moved the "
                                "visit meanwhile: reload the page."),
    "process.step-not-yours": N_("This step is taken by a manager."),
    "process.step-refused": N_("“{step}” is not possible yet. Put these right first:"),
    "process.stage-not-reached": N_("The visit has not come to the stage “{stage}”."),
    "process.must-not-hold": N_("Something stands that must not: {condition}."),
    "process.reason-missing": N_("Write the reason."),
    "process.override-not-yours": N_("Only a manager may go past a condition."),
    "process.override-unknown": N_("This step does not ask the condition {condition}. Reload the page."),
    "process.override-law": N_("This condition is law; nobody may go past it."),
    "process.override-fixed": N_("This condition cannot be gone past."),
    "process.override-reason-missing": N_("Write why you go past this condition."),
    "process.dates-past": N_("These dates are past. Enter dates that lie ahead."),
    "process.dates-same": N_("These are the dates that the visit has already."),
    "process.no-such-process": N_("There is no published process “{process}”. An administrator publishes it with "
                                  "“delegations process publish”."),
    "process.no-such-pack": N_("There is no pack “{pack}”."),
    "process.no-such-stage": N_("The process has no stage “{stage}”. Say where the visit should stand."),
    "process.version-same": N_("The visit runs by this version already."),
    "process.visit.reopened": N_("Visit reopened"),
    "process.visit.cancelled": N_("Visit cancelled"),
    "process.visit.postponed": N_("Visit postponed"),
    "process.visit.resumed": N_("Visit resumed"),
    "process.visit.closed": N_("Visit closed"),
    "process.visit.moved": N_("Visit moved to another version of its process"),
    "process.stage.entered": N_("New stage"),
    "process.condition.overridden": N_("Condition gone past with a reason"),
    "process.definition.published": N_("Process published"),
}
