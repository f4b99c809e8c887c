"""The page behind a digest's link: it leads to where the thing is done."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.reminders.queries import place_of
from workflow.web.doors import Act, Door, needs
from workflow.web.sentences import address_of

door = Door("reminders", __name__)


@door.get("/due/<int:reminder_id>", needs(Permission.SIGNED_IN))
def due(act: Act, reminder_id: int) -> ResponseReturnValue:
    """Lead to where a due thing is put right."""
    return redirect(address_of(place_of(act.session, act.actor, reminder_id)) or url_for("desk.today"), code=303)
