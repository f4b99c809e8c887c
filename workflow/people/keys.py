"""How a name sounds in Latin letters, from whichever writing: meets the same person across scripts and spellings."""

from collections.abc import Mapping

from workflow.knowledge.mrz.matching import sound
from workflow.knowledge.names import comparable_latin, fold, propose_latin

SCRIPTS = ("latin", "russian", "native")
NAMES = tuple(f"{script}_{part}" for script in SCRIPTS for part in ("family", "given"))


def sounds_of(names: Mapping[str, str]) -> frozenset[str]:
    """Give the keys of a name's writings: words as they sound, sorted, so that their order does not matter.

    Russian and other Cyrillic names are written by the international table first; other scripts stay as they are.
    """
    found = set()
    for script in SCRIPTS:
        written = f"{names.get(f'{script}_family') or ''} {names.get(f'{script}_given') or ''}".strip()
        if written:
            latin = written if written.isascii() else propose_latin(written) or written
            words = comparable_latin(latin).split()
            found.add(" ".join(sorted(sound(word) if word.isascii() else fold(word) for word in words))[:240])
    return frozenset(found - {""})
