"""What kinds, states and verbs of outcomes are called: English, translated when shown."""

from workflow.base.languages import N_
from workflow.outcomes.rules import Interpreting, OutcomeKind, OutcomeState, OutcomeVerb

KINDS: dict[OutcomeKind, str] = {
    OutcomeKind.AGREEMENT: N_("Agreement"),
    OutcomeKind.PROMISE: N_("Promise"),
    OutcomeKind.INVITATION: N_("Invitation"),
    OutcomeKind.PROPOSAL: N_("Proposal"),
    OutcomeKind.PRACTICE: N_("Good practice"),
    OutcomeKind.OTHER: N_("Other"),
}
STATES: dict[OutcomeState, str] = {
    OutcomeState.OPEN: N_("Open"),
    OutcomeState.DONE: N_("Done"),
    OutcomeState.DECLINED: N_("Declined"),
    OutcomeState.HANDED_OVER: N_("Handed over"),
}
VERBS: dict[OutcomeVerb, str] = {
    OutcomeVerb.EDIT: N_("Change"),
    OutcomeVerb.FINISH: N_("Mark as done"),
    OutcomeVerb.DECLINE: N_("Decline"),
    OutcomeVerb.HAND_OVER: N_("Hand over"),
    OutcomeVerb.REOPEN: N_("Open again"),
    OutcomeVerb.REMOVE: N_("Remove"),
}
INTERPRETING: dict[Interpreting, str] = {
    Interpreting.NONE: N_("without interpreting"),
    Interpreting.CONSECUTIVE: N_("consecutive interpreting"),
    Interpreting.SIMULTANEOUS: N_("simultaneous interpreting"),
}
