"""Every kind in every language is PDF/A-3a and PDF/UA-1 at once, as veraPDF judges."""

from __future__ import annotations

import pytest

from tests.papers.sample import facts
from tests.validators import Verdict, verapdf, why_not
from workflow.papers import editions, rendering

pytestmark = pytest.mark.slow

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><defs><linearGradient id="g">
<stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#00f" stop-opacity=".4"/></linearGradient></defs>
<path d="M2 2h16v10a8 8 0 0 1-16 0z" fill="url(#g)" stroke="#000"/></svg>"""
HARD = {
    "long table": "::: title\nПрограмма\n:::\n\n# День\n\n| № | Имя |\n|-|:---:|\n"
    + "".join(f"| {n} | Имя **{n}** |\n" for n in range(300)),
    "lists and breaks": "# A\n\n## B\n\n### C\n\n- *a*\n- b\n\n1. c\n2. d\n\n1.1. e\n\n::: pagebreak\n\nEnd.",
    "many scripts": "镇江市友好，：；＜＝＞？𠮷 · ΑΒΓάώ · Հայաստան · Ҡаҙаҡ Ғүһ · Đặng Şğıİ Łódź · **镇 Հա** *ΑΒ Հա 镇*",
    "signature alone": (
        "::: signature\nГлава | И. П. Образцов\nMayor | I. Obraztsov\n:::\n\n::: executor\nИванова\n:::\n"
    ),
}


def papers() -> dict[str, bytes]:
    """Everything that is judged, by name."""
    made: dict[str, bytes] = {}
    arms = {"arms": SVG}
    for kind in editions.kinds().values():
        for language in kind.languages:
            edition = editions.edition(kind.key, language, images=arms)
            made[f"{kind.key}-{language}"] = rendering.render(edition, facts(), "pdf").data
    for name, wording in HARD.items():
        edition = editions.edition("invitation", "ru", wording=wording)
        made[name] = rendering.render(edition, facts(), "pdf").data
    draft = {**facts(), "paper": {"number": None, "date": None, "code": None, "verify_url": None, "status": "draft"}}
    made["draft"] = rendering.render(editions.edition("invitation", "ru"), draft, "pdf").data
    return made


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """What veraPDF says of each, by one run."""
    if reason := why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("archive")
    places = {}
    made = papers()
    made["damaged"] = made["draft"].replace(b"<pdfaid:conformance>A<", b"<pdfaid:conformance>B<")
    for number, (name, data) in enumerate(made.items()):
        places[name] = folder / f"{number}.pdf"
        places[name].write_bytes(data)
    found = verapdf(list(places.values()))
    return {name: found[place] for name, place in places.items() if place in found}


def test_every_kind_in_every_language_passes(judged: dict[str, Verdict]) -> None:
    expected = {f"{kind.key}-{language}" for kind in editions.kinds().values() for language in kind.languages}
    assert set(judged) == expected | set(HARD) | {"draft", "damaged"}
    assert {name: said for name, said in judged.items() if said != Verdict("", "") and name != "damaged"} == {}


def test_a_file_that_lies_about_itself_fails(judged: dict[str, Verdict]) -> None:
    assert "6.6.4" in judged["damaged"].archive


