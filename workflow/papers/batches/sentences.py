"""What the codes of batches say: each tells the person what to do."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    # why an act cannot be done
    "papers.batch-cancelled": N_("This batch is cancelled. Begin a new one."),
    "papers.batch-busy": N_("The batch is being worked on. Wait until it is done, or cancel it."),
    "papers.batch-signed": N_("These papers are signed already. Revoke them one by one."),
    "papers.batch-not-now": N_("The batch has gone on meanwhile. Look at where it stands now."),
    "papers.batch-empty": N_("Nobody is listed yet. Add recipients first."),
    "papers.batch-faulty": N_("Rows with something wrong: {count}. Correct them or take them off the list."),
    "papers.batch-cancel-approver": N_("These papers have numbers already. Only a manager cancels them."),
    "papers.batch-not-out": N_("The papers of this batch have not been issued yet."),
    "papers.batch-machine": N_("The letters could not be tried just now. Try again in a moment."),
    "papers.batch-no-list": N_("There is no list to be added any more. Hand it in again."),
    # wrong values
    "papers.batch-too-many": N_("A batch takes {limit} recipients at most. Divide the list."),
    "papers.batch-nobody-chosen": N_("Tick at least one partner."),
    "papers.batch-no-names": N_("No column of names was found. Head one “Name” or “Organisation”."),
    "papers.batch-row": N_("Row {row}: {what}"),
    # what is wrong with a recipient
    "papers.recipient-nameless": N_("Enter the name of the person whom the paper goes to."),
    "papers.recipient-language": N_(
        "Neither languages nor country are on this partner’s page. Open the row and choose the language of the paper."
    ),
    "papers.recipient-no-wording": N_("This paper is not worded in this language: {language}. Choose another one."),
    "papers.recipient-script": N_(
        "“{text}” cannot stand in a letter in this language: {language}. Write it in its letters."
    ),
    "papers.recipient-fact": N_("Missing: {name}"),
    "papers.recipient-glyph": N_("No font prints these characters: {signs}"),
    "papers.recipient-text": N_("The paper cannot be laid out ({what}). Look at its text."),
    "papers.recipient-twice": N_("Listed already in row {place}."),
    # answers
    "papers.answer-way": N_("Say how the answer came."),
    "papers.answer-choose": N_("Choose an answer."),
    "papers.answers-closed": N_("Answers are no longer taken here. Please write to the sender of the letter."),
    "papers.deputy-nameless": N_("Name the person who comes instead."),
    "papers.no-answer-link": N_("There is no personal link that still opens."),
    # events
    "papers.batch.created": N_("Batch of papers begun"),
    "papers.batch.recipients-changed": N_("List of recipients changed"),
    "papers.batch.list-received": N_("List of recipients handed in"),
    "papers.batch.started": N_("Writing of a batch’s drafts begun"),
    "papers.batch.submitted": N_("Batch handed in for approval"),
    "papers.batch.taken-back": N_("Batch taken back"),
    "papers.batch.returned": N_("Batch returned"),
    "papers.batch.approved": N_("Batch approved"),
    "papers.batch.retried": N_("Batch tried again"),
    "papers.batch.signed": N_("Signature of a batch recorded"),
    "papers.batch.queued": N_("Mails of a batch prepared"),
    "papers.batch.cancelled": N_("Batch cancelled"),
    "papers.batch.done": N_("Work on a batch done"),
    "papers.batch.stopped": N_("Work on a batch stopped"),
    "papers.answer-link.made": N_("Personal link for an answer made"),
    "papers.answer-link.revoked": N_("Personal link for an answer revoked"),
    "papers.answer.recorded": N_("Answer of a recipient recorded"),
}
