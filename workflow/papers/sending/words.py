"""Names of states as the queue's pages show them."""

from collections.abc import Mapping

from workflow.base.languages import N_
from workflow.papers.sending.rules import OutgoingState

STATES: Mapping[str, str] = {
    OutgoingState.WAITING: N_("Waits for release"),
    OutgoingState.HELD: N_("Held"),
    OutgoingState.RELEASED: N_("Released"),
    OutgoingState.HANDED: N_("Released"),
    OutgoingState.REMOVED: N_("Taken out"),
}
COLOURS: Mapping[str, str] = {
    OutgoingState.WAITING: "amber", OutgoingState.HELD: "grey", OutgoingState.RELEASED: "blue",
    OutgoingState.HANDED: "green", OutgoingState.REMOVED: "grey",
}  # fmt: skip
MAIL_COLOURS: Mapping[str, str] = {
    "queued": "blue", "sent": "green", "failed": "red", "uncertain": "amber", "withdrawn": "grey",
}  # fmt: skip
