"""Sentences for the codes of `base` itself."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "base.not-found": N_("There is no such page or record, or it is not open to you."),
    "base.forbidden": N_("Your role does not allow this. Ask an administrator if you need it."),
    "base.invalid": N_("Some values need correcting; nothing was saved."),
    "base.stale": N_("Somebody else saved this while you had it open. Compare both values and save again."),
    "base.clash": N_("Something else changed at the same moment, so nothing was saved. "
                     "Open the page again and repeat."),
    "base.commit-lost": N_("The connection to the database broke while this was being saved, so it may be saved or "
                           "not. Look first, and repeat it only if it is not there."),
    "base.too-many": N_("Too many attempts. Try again in {seconds} seconds."),
    "base.file-empty": N_("The file is empty. Choose another one."),
    "base.file-too-large": N_("The file is too large: at most {megabytes} MB."),
    "base.file-type": N_("This kind of file is not accepted. Accepted: {allowed}."),
    "base.file-damaged": N_("The file is damaged and cannot be opened. Ask for it again."),
    "base.picture-size": N_("The picture has too many points: at most {millions} million."),
    "base.file-bomb": N_("The file unpacks to far more than it should and was refused."),
    "base.job-not-troubled": N_("This job is no longer waiting for a decision."),
    "base.required": N_("Fill this in."),
    "base.not-a-date": N_("This is not a date. Use the form 2027-05-12."),
    "base.not-a-number": N_("This is not a number."),
    "base.not-a-choice": N_("Choose one of the offered values."),
    "base.too-long": N_("Too long: at most {limit} characters."),
    "base.too-short": N_("Too short: at least {limit} characters."),
    "base.not-an-email": N_("This is not an e-mail address."),
    "base.out-of-range": N_("The value is outside the allowed range."),
    "base.wrong-value": N_("This value cannot be read."),
    "base.unknown-field": N_("There is no such field."),
    "base.not-json": N_("The body must be a JSON object."),
    "base.control-characters": N_("The text holds characters that cannot be stored."),
    "base.csrf": N_("The page was open for too long. Go back, reload it and send again."),
    "base.sign-in-first": N_("Sign in, or send a valid API token."),
    "base.version-required": N_("Say which version you saw: send If-Match."),
    "base.idempotency-mismatch": N_("This Idempotency-Key was used for another request."),
}
