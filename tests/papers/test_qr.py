"""QR codes: told by what differs from another of the same length, they are what segno makes."""

import random
from io import BytesIO
from typing import Literal

import pytest
import segno
from PIL import Image

from workflow.papers import pdf

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def addresses(start: str, count: int) -> list[str]:
    source = random.Random(11)
    return [start + "-".join("".join(source.choices(SIGNS, k=4)) for _ in range(3)) for _ in range(count)]


@pytest.mark.parametrize("start", ["https://delegations.example.org/verify/", "http://a.рф/verify/", "HTTPS://A.ORG/V/"])
def test_codes_are_those_of_segno(start: str) -> None:
    for url in [*addresses(start, 40), f"{start}1", start, f"{start}{'x' * 60}", f"{start}é"]:
        made = segno.make(url, error="m", mask=4, micro=False).matrix
        assert pdf.qr_modules(url) == tuple(bytes(row) for row in made)


@pytest.mark.parametrize("dots", [1, 2, 4])
@pytest.mark.parametrize("url", ["https://delegations.example.org/verify/K7QM-P2XD-0001", "http://a.рф/verify/2", "X"])
def test_picture_shows_each_module_as_its_dots_with_light_around(url: str, dots: Literal[1, 2, 4]) -> None:
    modules = pdf.qr_modules(url)
    size = len(modules) + 2
    with Image.open(BytesIO(pdf.qr_png(url, dots))) as picture:
        assert (picture.mode, picture.size) == ("1", (size * dots, size * dots))
        shown = picture.convert("L")
    light = bytes(size)
    expected = [light, *(b"\0" + row + b"\0" for row in modules), light]
    drawn = [[int(shown.getpixel((x, y)) == 0) for x in range(size * dots)] for y in range(size * dots)]
    assert drawn == [[row[x // dots] for x in range(size * dots)] for row in expected for _ in range(dots)]
