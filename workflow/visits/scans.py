"""Scans of letters: the one that counts, and those that it replaced. A letter once handed in stays within reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.errors import NotFound
from workflow.base.files import StoredFile, read_file
from workflow.visits.models import EarlierScan, VisitRequest


@dataclass(frozen=True)
class Scan:
    """A scan as a list shows it: its file, and when and by whom it was replaced; None for the one that counts."""

    file: StoredFile
    belonged_to: str = ""
    replaced_at: datetime | None = None
    replaced_by: int | None = None


def replace_scan(session: Session, actor: Actor, now: datetime, request: VisitRequest, scan: StoredFile) -> None:
    """Let another scan count for a request; the one before stays with it."""
    if request.scan_file_id is not None:
        session.add(EarlierScan(request_id=request.id, file_id=request.scan_file_id, replaced_at=now,
                                replaced_by=actor.account_id))
    request.scan_file_id = scan.id


def keep_scan_of_basis(
    session: Session, actor: Actor, now: datetime, visit_id: int, file_id: int, belonged_to: str
) -> None:
    """Keep the scan of a basis that is being removed with the visit; *belonged_to* is what the basis said."""
    session.add(EarlierScan(visit_id=visit_id, file_id=file_id, belonged_to=belonged_to[:400], replaced_at=now,
                            replaced_by=actor.account_id))


def scans_of_request(session: Session, request: VisitRequest) -> list[Scan]:
    """List a request's scans: the one that counts first, then those before it, the latest first."""
    current = session.get(StoredFile, request.scan_file_id) if request.scan_file_id else None
    return [*([Scan(current)] if current else []), *_earlier(session, EarlierScan.request_id == request.id)]


def scans_of_removed_bases(session: Session, visit_id: int) -> list[Scan]:
    """List the scans that came with bases which were removed, the latest first."""
    return _earlier(session, EarlierScan.visit_id == visit_id)


def _earlier(session: Session, whose: ColumnElement[bool]) -> list[Scan]:
    rows = session.execute(
        select(EarlierScan, StoredFile).join(StoredFile, StoredFile.id == EarlierScan.file_id)
        .where(whose).order_by(EarlierScan.id.desc())
    )
    return [Scan(file, row.belonged_to, row.replaced_at, row.replaced_by) for row, file in rows]


def read_scan(session: Session, scans: Sequence[Scan], file_id: int) -> tuple[StoredFile, bytes]:
    """Read one of these scans.

    Raises:
        NotFound: it is none of them.
    """
    if file_id not in {scan.file.id for scan in scans}:
        raise NotFound("file")
    return read_file(session, file_id)
