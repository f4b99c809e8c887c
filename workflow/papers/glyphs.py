"""Which characters the vendored fonts can print, read from their own character maps."""

import re
import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
_INVISIBLE = frozenset([0x0A, 0x20, 0xA0])


def _characters(path: Path) -> set[int]:
    data = path.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", data, start + 2)[0]):
        offset = start + struct.unpack_from(">I", data, start + 8 + 8 * number)[0]
        form = struct.unpack_from(">H", data, offset)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", data, offset + 12)[0]):
                first, last, _ = struct.unpack_from(">III", data, offset + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif form == 4:
            found |= _format_4(data, offset)
    return found


def _format_4(data: bytes, offset: int) -> set[int]:
    double = struct.unpack_from(">H", data, offset + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", data, offset + 14)
    starts = struct.unpack_from(f">{double // 2}H", data, offset + 16 + double)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1) if code != 0xFFFF}


@cache
def covered() -> frozenset[int]:
    """The code points that at least one vendored font maps."""
    return frozenset().union(*(_characters(path) for path in sorted(FONTS.glob("*.[ot]tf"))))


def unprintable(texts: Iterable[str]) -> str:
    """The characters that no vendored font has, each once, in the order in which they come."""
    return "".join(dict.fromkeys(_unprintable().findall("".join(texts))))


@cache
def _unprintable() -> re.Pattern[str]:
    codes = sorted(covered() | _INVISIBLE)
    starts = [code for code, before in zip(codes, [-2, *codes], strict=False) if code != before + 1]
    ends = [code for code, after in zip(codes, [*codes[1:], -2], strict=True) if code != after - 1]
    ranges = (f"\\U{first:08x}-\\U{last:08x}" for first, last in zip(starts, ends, strict=True))
    return re.compile(f"[^{''.join(ranges)}]")
