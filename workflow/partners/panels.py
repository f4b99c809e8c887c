"""What rooms above add to a partner's page: the history of visits, promises. Filled in `app.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.reasons import Where
from workflow.base.registry import Registry


@dataclass(frozen=True)
class PanelRow:
    """One line of a panel: cells of plain text in the reader's language; the first is a link where `where` is set."""

    cells: Sequence[str]
    where: Where | None = None


@dataclass(frozen=True)
class Panel:
    """A part of a partner's page: a translated title, column headings, rows, and what it says when there are none.

    *counted* shows the number of rows beside the title; *whole* leads to the list of which only a part is shown.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[PanelRow] = field(default=())
    empty: str = ""
    counted: bool = True
    whole: PanelRow | None = None


PanelSource = Callable[[Session, Actor, datetime, int], Sequence[Panel]]
"""Gives, for now, the panels of the partner with this key that the actor may see, in the reader's language."""

PANELS: Registry[PanelSource] = Registry("partner panel")
