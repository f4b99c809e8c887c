"""Files offered to a browser: always as attachments, never run or shown in our origin, never cached."""

from urllib.parse import quote

from flask import Response

from workflow.base.files import StoredFile


def offer(data: bytes, *, name: str, media_type: str) -> Response:
    """Answer with bytes to be saved under *name*."""
    plain = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "._-") else "_" for ch in name) or "file"
    return Response(data, content_type=media_type, headers={
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    })


def offer_stored(row: StoredFile, data: bytes) -> Response:
    """Answer with a stored file; the caller has checked that the actor may have it."""
    return offer(data, name=row.name, media_type=row.media_type)
