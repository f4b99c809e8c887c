"""What the codes of the sending queue say."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "papers.outgoing-released": N_("This mail has been released already."),
    "papers.outgoing-removed": N_("This mail was taken out of the queue."),
    "papers.outgoing-held": N_("This mail is held. Let it wait again first."),
    "papers.outgoing-not-now": N_("The mail stands elsewhere by now. Look at it again."),
    "papers.outgoing-changed": N_("A mail was changed after you looked, so none was released. It is marked below: look "
                                  "at it and release again."),
    "papers.outgoing-none-chosen": N_("Tick at least one mail."),
    "papers.outgoing-no-link": N_("This recipient has no personal link. Take its place out of the words."),
    "papers.outgoing-outdated": N_(
        "Facts of this letter have changed since: its page says which. Replace the letter and take this mail out, or "
        "let the mail wait again and release it once more if it is to go as it is."
    ),
    "papers.outgoing-visit-off": N_(
        "The visit is cancelled or postponed. Take this mail out, or let it wait again and release it once more if it "
        "is to go all the same."
    ),
    "papers.outgoing-failed": N_("The mail could not be handed over. Look at it and release it again."),
    "papers.outgoing.queued": N_("Mail put in the queue"),
    "papers.outgoing.edited": N_("Mail in the queue changed"),
    "papers.outgoing.held": N_("Mail held"),
    "papers.outgoing.resumed": N_("Held mail waits again"),
    "papers.outgoing.removed": N_("Mail taken out of the queue"),
    "papers.outgoing.released": N_("Mail released"),
    "papers.outgoing.not-handed": N_("Released mail could not go and is held"),
}
