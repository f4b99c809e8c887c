"""What rooms above add to a person's card: the history of visits. Filled in `app.py`."""

from workflow.base.registry import Registry
from workflow.partners.panels import PanelSource

PANELS: Registry[PanelSource] = Registry("person panel")
"""Name → function that gives, for now, the panels of the person with this key that the actor may see."""
