"""Photos of persons: drawn anew before they are kept, so that nothing hidden in a file stays; kept encrypted."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageOps
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import Forbidden, NotFound
from workflow.base.events import record
from workflow.base.files import JPEG, PNG, Upload, check_upload, keep_bytes, read_file, release_files
from workflow.base.pictures import draw_again
from workflow.people.models import Person

LIMIT = 8 * 1024 * 1024
MOST_POINTS = 40_000_000
KEPT = (700, 900)
"""A photo of 35 × 45 mm at 500 dots to the inch."""
ON_BADGE = (319, 413)
"""27 × 35 mm at 300 dots to the inch."""


def redraw(upload: Upload) -> bytes:
    """Draw a JPEG or PNG anew as a plain JPEG no larger than a passport photo.

    Raises:
        TooLarge: over 8 MB.
        Invalid: no picture (SVG, HTML, anything else), unreadable, or of too many points.
    """
    check_upload(upload, allowed={JPEG, PNG}, limit=LIMIT, field="photo")
    return draw_again(upload.data, jpeg=True, field="photo", within=KEPT, most_points=MOST_POINTS,
                      too_large="people.photo-size", damaged="people.photo-unreadable")  # fmt: skip


def keep_photo(session: Session, actor: Actor, now: datetime, person: Person, upload: Upload) -> None:
    """Keep a person's photo; an earlier one goes."""
    row = keep_bytes(session, actor, now, redraw(upload), name=f"person-{person.id}.jpg", media_type=JPEG)
    earlier, person.photo_file_id = person.photo_file_id, row.id
    if earlier is not None:
        release_files(session, [earlier])
    record(session, actor, now, "people.person.corrected", subject=person, personal=("photo",))


def badge_photos(session: Session, actor: Actor, now: datetime, persons: Sequence[Person]) -> dict[int, bytes]:
    """Give the photos of those persons who have one, small enough for a badge; that somebody took each is recorded.

    Raises:
        Forbidden: the actor may not see personal data.
    """
    if not actor.may(Permission.PEOPLE_REVEAL):
        raise Forbidden
    found: dict[int, bytes] = {}
    for person in persons:
        if person.photo_file_id is None:
            continue
        try:
            data = read_file(session, person.photo_file_id)[1]
        except NotFound:
            continue
        record(session, actor, now, "people.person.revealed", subject=person, personal=("photo",))
        with Image.open(BytesIO(data), formats=["JPEG"]) as opened:
            small = ImageOps.fit(opened, ON_BADGE, centering=(0.5, 0.3))
        out = BytesIO()
        small.save(out, "JPEG", quality=85)
        found[person.id] = out.getvalue()
    return found


def show_photo(session: Session, actor: Actor, now: datetime, person: Person) -> bytes:
    """Give a person's photo; that somebody looked is recorded.

    Raises:
        Forbidden: the actor may not see personal data.
        NotFound: there is none.
    """
    if not actor.may(Permission.PEOPLE_REVEAL):
        raise Forbidden
    if person.photo_file_id is None:
        raise NotFound("photo")
    record(session, actor, now, "people.person.revealed", subject=person, personal=("photo",))
    return read_file(session, person.photo_file_id)[1]
