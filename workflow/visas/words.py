"""What states, kinds, routes and steps of visa cases are called, for pages to translate."""

from workflow.base.languages import N_
from workflow.visas.rules import CaseAct, CaseState, Holder, ItemAct, ItemState

CASE_WORDS: dict[str, str] = {
    CaseState.TO_CHOOSE: N_("Route to be chosen"),
    CaseState.ASKED: N_("No rule: ask"),
    CaseState.COLLECTING: N_("Collecting papers"),
    CaseState.CHECKED: N_("Papers checked"),
    CaseState.FILED: N_("Application filed"),
    CaseState.INVITATION_ISSUED: N_("Invitation issued"),
    CaseState.APPLIED: N_("At the consulate"),
    CaseState.ISSUED: N_("Visa issued"),
    CaseState.REFUSED: N_("Visa refused"),
    CaseState.NOT_NEEDED: N_("No visa needed"),
    CaseState.WITHDRAWN: N_("Withdrawn"),
}

CASE_COLOURS: dict[str, str] = {
    CaseState.TO_CHOOSE: "amber",
    CaseState.ASKED: "amber",
    CaseState.COLLECTING: "blue",
    CaseState.CHECKED: "blue",
    CaseState.FILED: "blue",
    CaseState.INVITATION_ISSUED: "blue",
    CaseState.APPLIED: "blue",
    CaseState.ISSUED: "green",
    CaseState.REFUSED: "red",
    CaseState.NOT_NEEDED: "green",
    CaseState.WITHDRAWN: "grey",
}

HOLDER_WORDS: dict[str, str] = {
    Holder.US: N_("Us"),
    Holder.GUEST: N_("The traveller"),
    Holder.PARTNER: N_("The partner"),
    Holder.ASSOCIATION: N_("The association"),
    Holder.AUTHORITY: N_("The migration authority"),
    Holder.CONSULATE: N_("The consulate"),
}

TOGETHER_WORDS: dict[str, str] = {
    ItemAct.RECEIVE: N_("Has come"),
    ItemAct.VERIFY: N_("Checked, is right"),
    ItemAct.REJECT: N_("Send back"),
    ItemAct.WAIVE: N_("Do without"),
    ItemAct.REOPEN: N_("Ask for again"),
}

ITEM_WORDS: dict[str, str] = {
    ItemState.MISSING: N_("not here yet"),
    ItemState.RECEIVED: N_("received, not checked"),
    ItemState.VERIFIED: N_("verified"),
    ItemState.REJECTED: N_("sent back"),
    ItemState.WAIVED: N_("waived"),
}

ITEM_COLOURS: dict[str, str] = {
    ItemState.MISSING: "grey",
    ItemState.RECEIVED: "blue",
    ItemState.VERIFIED: "green",
    ItemState.REJECTED: "red",
    ItemState.WAIVED: "grey",
}

STEP_WORDS: dict[str, str] = {
    CaseAct.CHECK: N_("Papers are checked and complete"),
    CaseAct.FILE: N_("Application or petition filed"),
    CaseAct.INVITATION: N_("Invitation issued"),
    CaseAct.APPLY: N_("Applied at the consulate"),
    CaseAct.ISSUE: N_("Visa issued"),
    CaseAct.REFUSE: N_("Visa refused"),
    CaseAct.NOT_NEEDED: N_("No visa needed"),
    CaseAct.WITHDRAW: N_("Withdraw the case"),
    CaseAct.REOPEN: N_("Begin again"),
}

OUTCOME_WORDS: dict[str, str] = {
    "visa_required": N_("visa required"),
    "visa_free": N_("no visa, with conditions"),
    "evisa": N_("electronic visa"),
    "adds_items": N_("further papers, no route of its own"),
}

KIND_WORDS: dict[str, str] = {
    "upload": N_("a file"),
    "original": N_("original on paper"),
    "data": N_("a piece of information"),
}

PURPOSE_WORDS: dict[str, str] = {
    "official": N_("official visit"),
    "business": N_("business"),
    "cultural": N_("culture"),
    "education": N_("education"),
    "humanitarian": N_("humanitarian"),
}

STATUS_WORDS: dict[str, str] = {
    "draft": N_("Draft rule, not confirmed"),
    "reviewed": N_("Confirmed rule"),
    "retired": N_("Retired rule"),
}

CONFIDENCE_WORDS: dict[str, str] = {
    "high": N_("confidence: high"),
    "medium": N_("confidence: medium"),
    "low": N_("confidence: low"),
}

BASIS_WORDS: dict[str, str] = {
    "law": N_("law"),
    "practice": N_("practice"),
    "internal": N_("our own term"),
}

TIER_WORDS: dict[str, str] = {
    "official": N_("official source"),
    "secondary": N_("secondary source"),
    "press": N_("press report"),
}

MILESTONE_WORDS: dict[str, str] = {
    "submit_earliest": N_("Apply not earlier than"),
    "submit_latest": N_("Apply not later than"),
    "petition_latest": N_("Petition not later than"),
}

PASSPORT_WORDS: dict[str, str] = {
    "ordinary": N_("ordinary"),
    "service": N_("service"),
    "diplomatic": N_("diplomatic"),
    "internal": N_("internal (within the country)"),
}

ENTRIES_WORDS: dict[str, str] = {
    "single": N_("once"),
    "double": N_("twice"),
    "multiple": N_("more often"),
}

FACT_WORDS: dict[str, str] = {
    "passport_type": N_("the kind of passport"),
    "purpose": N_("the purpose of the journey"),
    "dates": N_("the length of the stay"),
    "entries": N_("the number of entries"),
}

STANDING_WORDS: dict[str, str] = {
    "not_yet": N_("The regime begins after the first day of the visit: confirm."),
    "ended": N_("The regime ends before the last day of the visit: confirm whether it was extended."),
    "in_force": N_("In force for the whole stay."),
}
