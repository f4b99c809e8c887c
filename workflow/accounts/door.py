"""The one door of the room: sign-in, one's own account, and the administrator's pages."""

from workflow.web.doors import Door

door = Door("accounts", __name__)
