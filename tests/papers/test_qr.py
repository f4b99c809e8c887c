"""QR codes: told by what differs from another of the same length, they are what segno makes."""

import random

import pytest
import segno

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
