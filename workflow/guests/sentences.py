"""What the guests room's codes say."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "guests.not-taken": N_("This could not be saved. Please open the page again, or write to us."),
    "guests.scan-size": N_("The picture has far too many points. Please take a smaller photograph."),
    "guests.too-many-scans": N_("There are {limit} scans already. Please write to us."),
    "guests.consent-changed": N_("The text has changed meanwhile. Please read it again."),
    "guests.consent-there": N_("Your consent is recorded already."),
    "guests.no-consent": N_("There is no consent to withdraw."),
    "guests.list-unreadable": N_("We could not read this list. Please fill in the empty form from this page "
                                 "and send it."),
    "guests.link-issued-meanwhile": N_("Somebody else issued a link in this moment. Open the page again."),
    "guests.link-revoked-before": N_("This link was revoked before."),
    "guests.no-address": N_("There is no e-mail address to send the link to. Enter one, or copy the link."),
    "guests.proposal-decided": N_("Somebody else has decided this already."),
    "guests.who-told": N_("Write who told this to whom, for example “Ms Yılmaz by telephone”."),
    "guests.day-ahead": N_("This day has not come yet."),
    "guests.link.issued": N_("Personal link issued"),
    "guests.link.revoked": N_("Personal link revoked"),
    "guests.passport.decided": N_("Passport that waited decided upon"),
    "guests.passport.typed": N_("Passport typed on a personal page"),
    "guests.proposal.made": N_("Proposal received"),
    "guests.proposal.decided": N_("Proposal decided"),
    "guests.proposal.revealed": N_("Personal data of a proposal looked at"),
    "guests.scan.received": N_("Scan received from a guest"),
    "guests.scan.opened": N_("Scan of a guest looked at"),
    "guests.consent.given": N_("Consent to data processing given"),
    "guests.consent.withdrawn": N_("Consent to data processing withdrawn"),
}
