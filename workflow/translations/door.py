"""The one door of this room's pages; they are spread over two modules."""

from workflow.web.doors import Door

door = Door("translations", __name__)
