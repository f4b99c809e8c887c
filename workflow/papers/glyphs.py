"""Which characters the vendored fonts can print and how wide they are, read from the fonts' own tables."""

import re
import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
_INVISIBLE = frozenset([0x0A, 0x20, 0xA0])


def _tables(data: bytes) -> dict[bytes, int]:
    """Where each table of a font begins."""
    count = struct.unpack_from(">H", data, 4)[0]
    return {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}


def _glyphs(data: bytes) -> dict[int, int]:
    """The number of the glyph that a font has for each code point."""
    start = _tables(data)[b"cmap"]
    found: dict[int, int] = {}
    for number in range(struct.unpack_from(">H", data, start + 2)[0]):
        offset = start + struct.unpack_from(">I", data, start + 8 + 8 * number)[0]
        form = struct.unpack_from(">H", data, offset)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", data, offset + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", data, offset + 16 + 12 * group)
                found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
        elif form == 4:
            found |= _format_4(data, offset)
    return found


def _format_4(data: bytes, offset: int) -> dict[int, int]:
    double = struct.unpack_from(">H", data, offset + 6)[0]
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{double // 2}H", data, offset + at) for at in
        (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )  # fmt: skip
    found: dict[int, int] = {}
    for at, (first, last, delta, places) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if places:
                place = offset + 16 + 3 * double + 2 * at + places + 2 * (code - first)
                glyph = struct.unpack_from(">H", data, place)[0]
            found[code] = (glyph + delta) % 0x1_0000
    return found


class _Widths(dict[str, float]):
    """How wide each character of one font is, in units of its size; endless where another font would be taken."""

    def __missing__(self, _sign: str) -> float:
        return float("inf")


@cache
def _widths(font: str) -> _Widths:
    data = (FONTS / font).read_bytes()
    tables = _tables(data)
    size = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    last = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0] - 1
    told = {glyph: struct.unpack_from(">H", data, tables[b"hmtx"] + 4 * min(glyph, last))[0] for glyph in
            set(_glyphs(data).values())}  # fmt: skip
    return _Widths({chr(code): told[glyph] / size for code, glyph in _glyphs(data).items() if glyph})


def line_width(text: str, *, bold: bool = False) -> float:
    """How wide a text of Noto Serif is on one line, in units of its size, without kerning.

    Endless where a sign of it is in another font or none.
    """
    return sum(map(_widths(f"NotoSerif-{'Bold' if bold else 'Regular'}.ttf").__getitem__, text))


@cache
def covered() -> frozenset[int]:
    """The code points that at least one vendored font maps."""
    return frozenset().union(*(_glyphs(path.read_bytes()) for path in sorted(FONTS.glob("*.[ot]tf"))))


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
