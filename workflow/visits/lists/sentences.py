"""What the import of lists says: why a file or a cell is refused, and what was done."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "visits.list-password": N_("The file is protected by a password. Ask for it without one, or save it so."),
    "visits.list-damaged": N_("The file is damaged and cannot be opened. Ask for it again, or save it anew as XLSX."),
    "visits.list-empty": N_("There is nothing in the file."),
    "visits.list-too-many-rows": N_("The list is too long: at most {limit} rows. Divide it."),
    "visits.list-too-many-columns": N_("The list is too wide: at most {limit} columns. Take out what is not needed."),
    "visits.list-imported": N_("This list was imported already."),
    "visits.list-dropped": N_("This list was dropped: hand the file in again."),
    "visits.list-column-twice": N_("Two columns are said to be the same. Choose one of them."),
    "visits.list-no-name-column": N_("Say which column holds the names."),
    "visits.list-no-head-column": N_("Say which column marks the head, or choose another answer."),
    "visits.list-nothing-kept": N_("No row is ticked, so there is nothing to import."),
    "visits.list-bad-rows": N_("Nothing was imported: rows to correct or to leave out first: {count}."),
    "visits.list-changed-meanwhile": N_(
        "Nothing was imported: the delegation was changed after you opened this page. Look at the comparison again."),
    "visits.list-replaced-by-whom": N_("One newcomer can replace only one member. Choose again."),
    "visits.list-say-who-leaves": N_("Say for each member who is not in the list whether they leave."),
    "visits.list-too-long": N_("Too long: at most {limit} characters."),
    "visits.list-control-characters": N_("There are control characters in the text. Type it anew."),
    "visits.list-turned-text": N_("There are hidden marks that turn the direction of the text. Type it anew."),
    "visits.list-pictures": N_("There are pictures (emoji) or unreadable characters in the text."),
    "visits.list-right-to-left": N_(
        "Letters that run from right to left: write it in Latin letters, as in the passport."),
    "visits.list-name-missing": N_("The family name is missing."),
    "visits.list-name-characters": N_("“{letter}” cannot be part of a name."),
    "visits.list-name-order": N_(
        "Which part is the family name? Answer for the column above the table, or write FAMILY NAME, Given names."),
    "visits.list-mixed-letters": N_("Latin and Cyrillic letters are mixed. Type the name anew in one of them."),
    "visits.list-not-latin": N_("Only letters A to Z, hyphens and apostrophes, as in the passport."),
    "visits.list-two-people": N_("This looks like two people in one row. Give each a row."),
    "visits.list-not-a-date": N_("This is not a date. Write it like 31.12.1975."),
    "visits.list-day-number": N_(
        "A number: if a spreadsheet left its day so, it is {day}. Answer for the column above the table."),
    "visits.list-no-such-day": N_("There is no day {day} in month {month}."),
    "visits.list-year-short": N_("Write the year in full, with four figures."),
    "visits.list-year-unlikely": N_("The year {year} cannot be right."),
    "visits.list-date-ambiguous": N_("Day or month first? Answer for the column above the table."),
    "visits.list-against-day-first": N_(
        "This date has the month first, unlike its column. Write it like 31.12.1975."),
    "visits.list-against-month-first": N_(
        "This date has the day first, unlike its column. Write it like 31.12.1975."),
    "visits.list-birth-ahead": N_("The birth date lies in the future."),
    "visits.list-birth-after-passport": N_("Born after the passport was issued: one of the dates is wrong."),
    "visits.list-issued-ahead": N_("The day of issue lies in the future."),
    "visits.list-dates-swapped": N_("The passport ends before it was issued: perhaps the two dates are swapped."),
    "visits.list-passport-too-short": N_("The passport ends before {day}."),
    "visits.list-country-unknown": N_("There is no such country in our table. Write its name or code."),
    "visits.list-citizenship-missing": N_("Give the citizenship: a passport belongs to a country."),
    "visits.list-sex-unknown": N_("Write male or female."),
    "visits.list-phone": N_("This is not a telephone number."),
    "visits.list-passport-number": N_(
        "This is not a passport number: letters A to Z and figures only, 5 to 20 of them."),
    "visits.list-passport-letters": N_(
        "There are letters other than A to Z in the number. Type it anew in Latin letters."),
    "visits.list-passport-type": N_("Write ordinary, service, diplomatic or internal."),
    "visits.list-not-yes-or-no": N_("Neither yes nor no: taken for no."),
    "visits.list-passport-twice": N_("The same passport stands in row {rows} too."),
    "visits.list-person-twice": N_("The same person stands in row {rows} too."),
    "visits.list-two-heads": N_("Row {rows} is marked as the head too. There can be one."),
    "visits.list-passport-of-another": N_(
        "We know this passport as somebody else's. Check number, name and birth date."),
    "visits.list.received": N_("List of members handed in"),
    "visits.list.dropped": N_("List of members dropped without import"),
    "visits.members.imported": N_("List of members imported"),
    "visits.list-no-table": N_("There is no table in this document. Ask for the list as a table, or as XLSX."),
}
