"""What kinds and ties are called, for pages to translate."""

from workflow.base.languages import N_
from workflow.partners.rules import PartnerKind, Tie

KIND_WORDS: dict[str, str] = {
    PartnerKind.CITY: N_("City"),
    PartnerKind.SCHOOL: N_("School"),
    PartnerKind.UNIVERSITY: N_("University"),
    PartnerKind.CONSULATE: N_("Consulate"),
    PartnerKind.ASSOCIATION: N_("Association"),
    PartnerKind.MINISTRY: N_("Ministry"),
    PartnerKind.BODY: N_("Another body"),
}

TIE_WORDS: dict[str, str] = {
    Tie.SISTER: N_("Sister city"),
    Tie.AGREEMENT: N_("Agreement"),
    Tie.PROSPECT: N_("Agreement in preparation"),
    Tie.CONTACT: N_("Contact without an agreement"),
    Tie.MEMBERSHIP: N_("We are a member"),
    Tie.OWN: N_("Institution of our own city"),
}
