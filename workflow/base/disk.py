"""What the disk must keep through a power cut: a file's bytes, and its name.

A file is written under another name, synced, and then given its own: whoever looks finds it whole or not at all. The
name stands in the folder, which is synced too: else a row may be there whose file is not.
"""

import os
from pathlib import Path


def write_half(half: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file under its passing name, and have the disk keep the bytes; what stood there is written over."""
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(half: Path, whole: Path) -> None:
    """Give a synced file its own name, and have the disk keep that."""
    half.replace(whole)
    sync_folder(whole.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
