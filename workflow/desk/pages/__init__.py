"""The pages of the desks."""

from workflow.desk.pages import board, calendar, finding, jobs, today, visit
from workflow.desk.pages.door import door

__all__ = ["board", "calendar", "door", "finding", "jobs", "today", "visit"]
