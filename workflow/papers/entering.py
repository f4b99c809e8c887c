"""On which page of a visit a fact is entered: the link beside what a paper lacks."""

from collections.abc import Mapping

from workflow.base.reasons import Where

_PAGES: Mapping[str, tuple[str, str]] = {
    "visit": ("visits.edit", ""), "visit.basis": ("visits.edit", "basis"), "basis": ("visits.edit", "basis"),
    "delegation": ("members.index", ""), "member": ("members.index", ""), "identity": ("members.index", ""),
    "programme": ("programme.index", ""), "working": ("programme.index", ""),
    "interpreting.interpreters": ("programme.index", ""),
    "costs": ("logistics.index", "costs"), "lodging": ("logistics.index", "lodging"),
    "costs.category": ("logistics.index", "estimate"), "costs.source": ("logistics.index", "estimate"),
    "costs.norms": ("logistics.index", "estimate"), "transport": ("logistics.index", "transport"),
    "gifts": ("logistics.index", "gifts"), "duties": ("logistics.index", "duties"),
    "entry": ("logistics.index", "entry"), "interpreting": ("logistics.index", "interpreting"),
    "trip": ("logistics.index", "tasks"),
    "outcomes": ("outcomes.index", ""), "outcomes.report": ("outcomes.report", ""),
    "conversation": ("protocol.index", ""), "award": ("protocol.index", ""), "protocol": ("protocol.notes", ""),
    "invitation": ("invitations.show", ""), "visas": ("visas.index", ""),
}  # fmt: skip
"""Section, or a fact where it is entered elsewhere than its section → page of the visit and place on it."""
_PARTNER = frozenset({"partner", "founding"})


def entered_at(fact: str, visit_id: int, partner_id: int | None) -> Where | None:
    """Say where a fact is entered; None for one that has no page of the visit, such as our office's."""
    steps = fact.split(".")
    if steps[0] in _PARTNER and partner_id is not None:
        return Where("partners.edit", {"partner_id": partner_id})
    wanted = "visit" if steps[0] in _PARTNER else ".".join(steps[:2])
    page = _PAGES.get(wanted) or _PAGES.get(wanted.split(".")[0])
    return Where(page[0], {"visit_id": visit_id}, page[1]) if page else None
