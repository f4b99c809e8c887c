"""The door of the visa pages, and what all of them show."""

from typing import Any

from flask import flash

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.reasons import Sentence
from workflow.office.queries import our_zone
from workflow.visas import showing, words
from workflow.visas.rules import FINISHED
from workflow.visits.models import Visit
from workflow.web.doors import Act, Door, needs
from workflow.web.sentences import say

door = Door("visas", __name__)
READ, WRITE = needs(Permission.VISAS_READ), needs(Permission.VISAS_WRITE)


def names(act: Act, visit: Visit) -> dict[str, Any]:
    """Give what every page of a visit's visas shows."""
    today = local_date(act.now, our_zone(act.session))
    return {"visit": visit, "tab": "visas", "words": words, "showing": showing, "today_here": today,
            "finished": FINISHED, "may_write": act.actor.may(Permission.VISAS_WRITE),
            "may_reveal": act.actor.may(Permission.PEOPLE_REVEAL)}  # fmt: skip


def confirm(code: str, **params: Any) -> None:
    """Say on the next page what was done."""
    flash(say(Sentence(code, params)), "success")
