"""The door that all pages of the process share."""

from workflow.web.doors import Door

door = Door("process", "workflow.process.pages")
