"""The picture of the arms for letterheads."""

from sqlalchemy.orm import Session

from workflow.base.errors import NotFound
from workflow.base.files import StoredFile, read_file
from workflow.office.queries import issuing_body
from workflow.papers.together import once


def office_arms(session: Session, body_id: int | None = None) -> bytes | None:
    """The picture of the arms for a body's letterhead, by default the first body's; None when it has none."""
    return once(("arms", body_id), lambda: _read(session, body_id))


def _read(session: Session, body_id: int | None) -> bytes | None:
    ours = issuing_body(session, body_id)
    if ours is None or ours.arms_file_id is None or session.get(StoredFile, ours.arms_file_id) is None:
        return None
    try:
        return read_file(session, ours.arms_file_id)[1]
    except NotFound:
        return None
