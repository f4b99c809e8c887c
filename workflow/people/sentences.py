"""The sentences of persons and passports."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "people.name-missing": N_("Give a family name in at least one writing."),
    "people.unknown-field": N_("There is no such field: {name}."),
    "people.unknown-country": N_("There is no such country in the list."),
    "people.passport-number-missing": N_("Give the passport number."),
    "people.passport-country": N_("There is no such country in the list."),
    "people.passport-dates": N_("The passport must expire after it was issued."),
    "people.passport-of-another": N_("This passport belongs to another person already. Check the number."),
    "people.birth-date-in-future": N_("The birth date lies in the future."),
    "people.not-latin": N_("Only Latin letters, spaces, hyphens and apostrophes, as in the passport."),
    "people.person.registered": N_("Person entered"),
    "people.person.corrected": N_("Person's data corrected"),
    "people.person.revealed": N_("Personal data looked at"),
    "people.passport.changed": N_("Passport entered or changed"),
    "people.post-before-last": N_("The new post cannot begin before the last one."),
    "people.photo-size": N_("The picture has too many points. Send one of at most 40 million."),
    "people.photo-unreadable": N_("The picture cannot be read. Send a JPEG or PNG."),
    "people.merge-with-itself": N_("These are the same entry. Choose another person."),
    "people.already-merged": N_("One of these entries was merged meanwhile. Open the person's card again."),
    "people.merge-both-in-one-visit": N_(
        "Both are members of one delegation. Take one of them out of it first, then merge."
    ),
    "people.merge-undone-already": N_("This merge was taken back already, or the card was merged further since."),
    "people.merge-with-whom": N_("Choose the person to merge with."),
    "people.zone-missing": N_("Paste the two or three lines of the zone."),
    "people.person.checked": N_("Person's data said to be still right"),
    "people.person.merged": N_("Two entries of one person merged"),
    "people.person.parted": N_("Merge of two entries taken back"),
    "people.done-checked": N_("Noted: everything kept of this person is still right."),
    "people.done-photo": N_("The photo is kept, drawn anew and encrypted."),
    "people.done-merged": N_(
        "The two entries are one now. Nothing was lost: the merge can be taken back on this card."
    ),
    "people.done-parted": N_("The merge is taken back."),
    "people.alike-passport": N_("the same passport number"),
    "people.alike-name": N_("the name sounds the same"),
    "people.alike-birth-date": N_("the same birth date"),
    "people.zone-digit-number": N_("Document number"),
    "people.zone-digit-birth": N_("Birth date"),
    "people.zone-digit-expiry": N_("Expiry date"),
    "people.zone-digit-optional": N_("Optional data"),
    "people.zone-digit-whole": N_("All of it together"),
    "people.zone-change": N_(
        "Line {line}, character {place}: “{found}” may be read as “{instead}”: the check digit would agree."
    ),
    "people.zone-swapped": N_(
        "Line {line}, characters {place} and {next}: “{found}” may be swapped: "
        "with “{instead}” the check digit would agree."
    ),
    "people.zone-look": N_("Line {line}, character {place}: “{found}” cannot stand there."),
    "people.zone-somewhere": N_(
        "Line {line}, characters {first} to {last}: one of them is wrong. Compare with the passport."
    ),
    "people.zone-not-a-zone": N_(
        "No zone was found. Copy the two lines (three on a card) with all their “<” signs."
    ),
    "people.zone-character-lost": N_("A character was left out, or written twice."),
    "people.zone-length-mended": N_("A line was too short or too long; signs “<” were added or taken."),
    "people.zone-second-line-first": N_("The second line came first; they were turned round."),
    "people.zone-name-cut": N_(
        "The name fills its line to the end and may have been cut. Read it from the page above."
    ),
    "people.zone-no-given-names": N_("The zone has no given names."),
    "people.zone-birth-unknown": N_("The birth date is not or not wholly known to the issuing state."),
    "people.zone-birth-impossible": N_("The birth date is no date of the calendar."),
    "people.zone-expiry-unknown": N_("The zone gives no whole expiry date."),
    "people.zone-expiry-impossible": N_("The expiry date is no date of the calendar."),
    "people.zone-expired": N_("This document has expired."),
    "people.zone-sex-wrong": N_("The sex is none of M, F and “<”."),
    "people.zone-code-unknown": N_("The document code is unknown: is it a travel document?"),
    "people.zone-state-unknown": N_("There is no issuing state with this code."),
    "people.zone-nationality-unknown": N_("There is no nationality with this code."),
    "people.zone-digit-in-name": N_("There is a digit in the name."),
    "people.zone-a-visa": N_("This is the zone of a visa, not of a passport."),
    "people.names-same": N_("The name that was typed and the zone's are the same."),
    "people.names-marks": N_("“{typed}” stands as “{zone}”: letters with marks are written out so."),
    "people.names-transliteration": N_(
        "“{typed}” stands as “{zone}”: another table of transliteration. The passport wins."
    ),
    "people.names-order": N_(
        "Family and given names were typed the other way round: “{typed}”; the zone has “{zone}”."
    ),
    "people.names-cut": N_("“{typed}” was cut to “{zone}” for want of room."),
    "people.names-spacing": N_("“{typed}” is written “{zone}”: spaces and hyphens differ."),
    "people.names-initial": N_("“{typed}” and “{zone}”: one of them is only an initial."),
    "people.names-only-in-zone": N_("“{zone}” stands only in the zone: a middle name that was not typed."),
    "people.names-only-typed": N_("“{typed}” was typed and does not stand in the zone (a patronymic often does not)."),
    "people.names-marks-lost": N_("“{typed}” and “{zone}” differ as Ü and UE do. Look into the passport."),
    "people.names-letters": N_("“{typed}” and “{zone}” differ in letters. Look into the passport; the passport wins."),
    "people.names-other": N_("“{typed}” and “{zone}” are different names. Is it this person's passport?"),
    "people.done-saved": N_("Saved."),
    "people.done-passport": N_("The passport is entered. Visa cases will be reckoned anew."),
    "people.done-retired": N_("The passport is marked as no longer in use."),
}
