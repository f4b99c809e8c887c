"""The packs that lie in this installation, to choose from."""

from functools import cache
from pathlib import Path

from workflow.base.languages import N_

FOLDER = Path(__file__).resolve().parent.parent / "packs"

PACK_WORDS: dict[str, str] = {
    "ru-municipal": N_("Russian municipality"),
    "generic": N_("Any office, without national law"),
}


@cache
def pack_keys() -> tuple[str, ...]:
    """Give the keys of all packs: the folders that hold processes."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/processes") if path.is_dir()))
