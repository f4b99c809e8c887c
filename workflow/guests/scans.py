"""Scans that guests hand in: pictures are drawn anew, PDF is kept, everything else is refused; all kept encrypted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.errors import Conflict
from workflow.base.events import record
from workflow.base.files import JPEG, PDF, PNG, Upload, check_upload, keep_bytes
from workflow.base.pictures import draw_again
from workflow.guests.models import GuestScan
from workflow.guests.proposing import check_open
from workflow.visas.items import receive_item
from workflow.visas.models import ChecklistItem
from workflow.visits.models import Member, Visit

LIMIT = 12 * 1024 * 1024
MOST_POINTS = 50_000_000
KEPT = (2600, 2600)
"""A passport page of 125 × 88 mm stays at more than 500 dots to the inch."""
MOST_SCANS = 20


def redraw(upload: Upload) -> Upload:
    """Judge a scan: a picture is decoded, turned upright and encoded anew, without remarks and places; PDF stays.

    Raises:
        TooLarge: over 12 MB.
        Invalid: neither JPEG, PNG nor PDF (so no SVG, no HTML), unreadable, or of far too many points.
    """
    kind = check_upload(upload, allowed={JPEG, PNG, PDF}, limit=LIMIT)
    if kind == PDF:
        return Upload("scan.pdf", upload.data)
    drawn = draw_again(upload.data, jpeg=True, within=KEPT, most_points=MOST_POINTS, too_large="guests.scan-size")
    return Upload("scan.jpg", drawn)


def take_scan(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, item: ChecklistItem | None,
    upload: Upload,
) -> None:  # fmt: skip
    """Keep a scan, for a thing of the guest's checklist where one is named.

    Raises:
        TooLarge, Invalid: see `redraw`.
        Conflict: the visit is over, the member has left, the thing is settled already, or too many scans.
    """
    check_open(visit, member)
    drawn = redraw(upload)
    if item is not None:
        receive_item(session, actor, now, visit, item, upload=drawn)
        return
    if len(scans_of(session, member.id)) >= MOST_SCANS:
        raise Conflict("guests.too-many-scans", limit=MOST_SCANS)
    file = keep_bytes(session, actor, now, drawn.data, name=f"member-{member.id}-{drawn.name}", visit_id=visit.id,
                      media_type=PDF if drawn.name.endswith(".pdf") else JPEG)  # fmt: skip
    scan = GuestScan(member_id=member.id, file_id=file.id, received_at=now)
    session.add(scan)
    session.flush()
    record(session, actor, now, "guests.scan.received", subject=scan, visit_id=visit.id, personal=("file",))


def scans_of(session: Session, member_id: int) -> list[GuestScan]:
    """List a member's scans, the newest first; the caller has checked that the actor may see the member."""
    return list(session.scalars(
        select(GuestScan).where(GuestScan.member_id == member_id).order_by(GuestScan.id.desc())
    ))  # fmt: skip
