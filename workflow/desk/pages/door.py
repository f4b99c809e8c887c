"""The one door that all pages of the desks go through."""

from workflow.web.doors import Door

door = Door("desk", "workflow.desk.pages")
