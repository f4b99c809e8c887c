"""Names of states, work and answers as pages show them."""

from collections.abc import Mapping

from workflow.base.languages import N_
from workflow.papers.batches.rules import Answer, AnswerBy, BatchState, Doing

STATES: Mapping[str, str] = {
    BatchState.LISTING: N_("Recipients are being listed"),
    BatchState.DRAFTED: N_("Drafts written"),
    BatchState.SUBMITTED: N_("Waits for approval"),
    BatchState.APPROVED: N_("Approved"),
    BatchState.READY: N_("Ready to be signed"),
    BatchState.SIGNED: N_("Signed"),
    BatchState.CANCELLED: N_("Cancelled"),
}
COLOURS: Mapping[str, str] = {
    BatchState.LISTING: "grey",
    BatchState.DRAFTED: "blue",
    BatchState.SUBMITTED: "amber",
    BatchState.APPROVED: "blue",
    BatchState.READY: "blue",
    BatchState.SIGNED: "green",
    BatchState.CANCELLED: "grey",
}
WORK: Mapping[str, str] = {
    Doing.DRAFT: N_("Drafts are being written"),
    Doing.SUBMIT: N_("The drafts are being handed in"),
    Doing.TAKE_BACK: N_("The drafts are being taken back"),
    Doing.ISSUE: N_("Papers are being approved and numbered"),
    Doing.LAY_OUT: N_("Letters are being laid out"),
    Doing.MERGE: N_("The files for printing are being put together"),
    Doing.SIGN: N_("Signatures are being recorded"),
    Doing.QUEUE: N_("Mails are being prepared"),
    Doing.CLEAR: N_("The batch is being cancelled"),
}
ANSWERS: Mapping[str, str] = {
    Answer.NONE: N_("No answer yet"),
    Answer.COMING: N_("Comes"),
    Answer.DEPUTY: N_("Proposes another person"),
    Answer.DECLINED: N_("Declines"),
}
ANSWER_COLOURS: Mapping[str, str] = {
    Answer.NONE: "grey", Answer.COMING: "green", Answer.DEPUTY: "blue", Answer.DECLINED: "amber",
}  # fmt: skip
WAYS: Mapping[str, str] = {
    AnswerBy.LETTER: N_("By letter"),
    AnswerBy.MAIL: N_("By e-mail"),
    AnswerBy.PHONE: N_("By telephone"),
    AnswerBy.IN_PERSON: N_("In person"),
    AnswerBy.LINK: N_("On the answer page"),
}
COLUMNS: Mapping[str, str] = {
    "name": N_("Name"),
    "post": N_("Post"),
    "organisation": N_("Organisation"),
    "city": N_("City"),
    "country": N_("Country"),
    "address": N_("Address"),
    "salutation": N_("Salutation"),
    "email": N_("E-mail"),
}
