"""What the office room's codes say."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "office.already-set-up": N_("The office is set up already; change its page instead."),
    "office.not-set-up": N_("Describe our office first; its first issuing body comes with that."),
    "office.last-body": N_("This is the only body that issues papers. Add another one first."),
    "office.language": N_("Write languages by their codes, with commas between: ru, en, zh."),
    "office.arms-unreadable": N_("This picture cannot be read. Save it anew as PNG, JPEG or plain SVG."),
    "office.arms-parts": N_("The SVG holds text or a picture. Turn them into paths, or save it as PNG."),
    "office.arms-size": N_("The picture is too large. Make it at most 4000 by 4000 points."),
    "office.no-such-zone": N_("There is no such time zone. Write it like Europe/Moscow."),
    "office.default-signatory": N_("This is the default signatory. Make somebody else the default first."),
    "office.series-key": N_("The key is one word of small Latin letters, digits and dashes, such as outgoing."),
    "office.series-exists": N_("There is a number series of this key already."),
    "office.pattern-needs-number": N_("The pattern must hold the number once, as {{n}}: for example 01-15/{{n}}."),
    "office.pattern-unknown-place": N_("The pattern may hold {{n}}, {{year}} and {{yy}} only."),
    "office.number-taken": N_("Numbers of {year} up to there are taken already. Choose a higher one."),
    "office.set-up": N_("Office set up"),
    "office.changed": N_("Office data changed"),
    "office.body.added": N_("Issuing body added"),
    "office.body.changed": N_("Issuing body changed"),
    "office.body.retired": N_("Issuing body issues no more papers"),
    "office.signatory.added": N_("Signatory added"),
    "office.signatory.changed": N_("Signatory changed"),
    "office.signatory.retired": N_("Signatory signs no more"),
    "office.calendar.changed": N_("Working calendar corrected"),
    "office.series.added": N_("Number series added"),
    "office.series.changed": N_("Number series changed"),
    "office.series.moved-on": N_("Number series moved on"),
}
