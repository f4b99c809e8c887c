"""What kinds of proposals, their states and fields are called, for staff's pages to translate."""

from workflow.base.languages import N_
from workflow.guests.rules import ProposalKind, ProposalState

KINDS: dict[str, str] = {
    ProposalKind.CORRECT: N_("Corrected data"),
    ProposalKind.PASSPORT: N_("A passport"),
    ProposalKind.CONFIRM: N_("Is coming"),
    ProposalKind.DECLINE: N_("Is not coming"),
    ProposalKind.SUBSTITUTE: N_("Another person comes instead"),
    ProposalKind.ADD: N_("One more person"),
}
STATES: dict[str, str] = {
    ProposalState.WAITING: N_("waits to be checked"),
    ProposalState.ACCEPTED: N_("taken over"),
    ProposalState.REFUSED: N_("left as it is"),
}
FIELDS: dict[str, str] = {
    "latin_family": N_("Family name as in the passport"), "latin_given": N_("Given names as in the passport"),
    "native_family": N_("Family name in its own script"), "native_given": N_("Given names in their own script"),
    "birth_date": N_("Date of birth"), "birth_place": N_("Place of birth"),
    "birth_place_latin": N_("Place of birth, in Latin letters"), "sex": N_("Sex"),
    "citizenships": N_("Citizenship"), "email": N_("E-mail"), "phone": N_("Telephone"), "post_en": N_("Post"),
    "organisation_en": N_("Organisation"), "country": N_("Country of the passport"), "number": N_("Passport number"),
    "type": N_("Type of passport"), "issued_on": N_("Passport issued on"), "expires_on": N_("Passport valid until"),
    "authority": N_("Issued by"),
}  # fmt: skip
