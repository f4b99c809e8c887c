"""The sentences of the protection of personal data."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "privacy.reason-missing": N_("Say why, as it is to stand in the act."),
    "privacy.asked-in-future": N_("This day is yet to come."),
    "privacy.erased-already": N_("This person's data are destroyed already, or the entry was merged into another."),
    "privacy.still-needed": N_("A visit that goes on needs this person. Take the person out of the delegation first."),
    "privacy.not-understood": N_("Tick that you have read what goes and that it cannot be brought back."),
    "privacy.person.exported": N_("Everything held of a person given out"),
    "privacy.person.erased": N_("A person's data destroyed, with an act"),
    "privacy.log.exported": N_("Log of looks taken out as a file"),
    "privacy.term.changed": N_("Term of keeping changed"),
    "privacy.visit.forgotten": N_("Its people were told: without days or changes it will count as over"),
    "privacy.purge.done": N_("Data whose term is over purged"),
}
