"""What the protection of data adds to a person's card: the copy for the person, and the way to erasure."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.reasons import Where
from workflow.partners.panels import Panel, PanelRow, PanelSource


def rights(_session: Session, actor: Actor, _now: datetime, person_id: int) -> Sequence[Panel]:
    """Lead to what a person may ask of us: a copy of everything, and erasure."""
    if not actor.may(Permission.PEOPLE_REVEAL):
        return []
    rows = [PanelRow((_("Give out everything held of this person"), _("a ZIP for the person; recorded")),
                     Where("privacy.data", {"person_id": person_id}))]  # fmt: skip
    if actor.may(Permission.PEOPLE_ERASE):
        rows.append(PanelRow((_("Destroy this person's data"), _("with an act; cannot be brought back")),
                             Where("privacy.erasure", {"person_id": person_id})))  # fmt: skip
    return [Panel(_("Rights of the person"), [_("What the person may ask"), _("How")], rows, counted=False)]


PANELS: dict[str, PanelSource] = {"privacy.rights": rights}
