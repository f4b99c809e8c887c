"""What the partners room's codes say."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "partners.key": N_("The key is one word of small Latin letters, digits and dashes, such as kadikoy."),
    "partners.key-taken": N_("There is a partner of this key already."),
    "partners.website": N_("Write the address with https:// in front."),
    "partners.language": N_("Name languages, such as English, Turkish, or write their codes: en, tr."),
    "partners.partial-date": N_("Write a year, a month or a day: 2019, 03.2018 or 22.04.2020."),
    "partners.partner.added": N_("Partner added"),
    "partners.partner.changed": N_("Partner changed"),
    "partners.partner.archived": N_("Partner archived"),
    "partners.partner.restored": N_("Partner taken back from the archive"),
    "partners.contact.added": N_("Contact person added"),
    "partners.contact.changed": N_("Contact person changed"),
    "partners.contact.archived": N_("Contact person archived"),
    "partners.contact.revealed": N_("Contact person's data shown"),
    "partners.agreement.added": N_("Agreement added"),
    "partners.agreement.changed": N_("Agreement changed"),
    "partners.imported": N_("Imported from the department's published record"),
}
