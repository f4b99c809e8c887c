"""Electronic signatures: asked for, made by a job, shown on the paper, verified by pyHanko, never changed again."""

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from PIL import Image
from pyhanko.keys.pemder import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from tests.validators import verapdf, why_not
from workflow.base.actor import Role
from workflow.base.errors import Conflict, Forbidden
from workflow.base.events import Event
from workflow.base.files import read_file
from workflow.base.unit_of_work import commit
from workflow.papers import approving, electronic, issuing, queries, service
from workflow.papers.numbering import Numbering
from workflow.papers.rules import NumberSource
from workflow.papers.signing import Certificate, Pkcs12Signer, SignerError, digest, use_signer

OWN = Numbering(NumberSource.OWN)
Submit = Callable[..., Any]
Run = Callable[[], int]


def make_certificate(path: Path, *, until: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Образцов Иван Петрович")])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(0x0123456789ABCDEF0123456789ABCDEF).not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(until).add_extension(usage, critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    sealed = BestAvailableEncryption("секрет".encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"signer", key, made, None, sealed))
    return made.public_bytes(Encoding.DER)


@pytest.fixture
def certificate(tmp_path: Path, now: datetime) -> Iterator[bytes]:
    path = tmp_path / "signer.p12"
    made = make_certificate(path, until=now + timedelta(days=300))
    use_signer(Pkcs12Signer(path, "секрет"))
    yield made
    use_signer(None)


def status_of(pdf: bytes, certificate: bytes) -> Any:
    (root,) = load_certs_from_pemder_data(certificate)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trusted = ValidationContext(trust_roots=[root], allow_fetching=False)
    with ThreadPoolExecutor(1) as apart:  # it runs an event loop, and a browser test may have left one in this thread
        return apart.submit(validate_pdf_signature, signature, trusted).result()


def approved(session: Session, desk: Desk, now: datetime, paper: Any, run_jobs: Run, numbering: Any = OWN) -> Any:
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=numbering)
    commit(session)
    run_jobs()
    return paper


def test_a_paper_is_signed_by_a_job_and_one_flipped_byte_breaks_it(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, certificate: bytes
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    with pytest.raises(Forbidden):
        electronic.ask_to_sign(session, desk.coordinator, now, paper.id)
    electronic.ask_to_sign(session, desk.manager, now, paper.id)
    commit(session)
    for wrong in (lambda: electronic.ask_to_sign(session, desk.manager, now, paper.id),
                  lambda: issuing.record_signed(session, desk.coordinator, now, paper.id)):  # fmt: skip
        with pytest.raises(Conflict, match="being-signed"):
            wrong()
    run_jobs()
    session.expire_all()
    assert (paper.state, paper.signed_on) == ("signed", now.date())
    for text in paper.texts:
        pdf = read_file(session, text.pdf_file_id)[1]
        assert text.sha256 == digest(pdf)
        status = status_of(pdf, certificate)
        assert (status.intact, status.valid, status.coverage.name) == (True, True, "ENTIRE_FILE")
        words = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
        assert "01-12/1" in words
        assert "0123456789ABCDEF" in words.replace("123456789ABCDEF", "0123456789ABCDEF", 1)
        assert "Образцов Иван Петрович" in words
        at = pdf.index(b"endobj", 2000)
        broken = pdf[: at - 3] + bytes([pdf[at - 3] ^ 1]) + pdf[at - 2 :]
        assert not status_of(broken, certificate).intact
    assert "Действителен с 01.01.2026 по 09.01.2028" in words_in(session, paper.texts[0])
    assert "Valid from" in words_in(session, paper.texts[1])


def words_in(session: Session, text: Any) -> str:
    pdf = read_file(session, text.pdf_file_id)[1]
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_signed_paper_never_changes(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, certificate: bytes
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    electronic.ask_to_sign(session, desk.manager, now, paper.id)
    commit(session)
    run_jobs()
    session.expire_all()

    def everything() -> Any:
        texts = [(one.text, one.sha256, one.pdf_file_id, one.docx_file_id, one.rendered_no) for one in paper.texts]
        return texts, paper.facts, paper.facts_hash, paper.render_no, paper.number, paper.dated, paper.signature

    before = everything()
    acts = (
        lambda: service.edit_text(session, desk.coordinator, now, paper.id, "ru", "x", version=None),
        lambda: service.redraft_paper(session, desk.coordinator, now, paper.id),
        lambda: service.add_language(session, desk.coordinator, now, paper.id, "zh"),
        lambda: service.delete_draft(session, desk.coordinator, now, paper.id),
        lambda: approving.approve_paper(session, desk.manager, now, paper.id),
        lambda: issuing.number_paper(session, desk.coordinator, now, paper.id, OWN),
        lambda: electronic.ask_to_sign(session, desk.manager, now, paper.id),
        lambda: issuing.record_signed(session, desk.coordinator, now, paper.id),
    )
    for act in acts:
        with pytest.raises(Conflict):
            act()
        session.rollback()
    desk.visit.arrival += timedelta(days=1)
    commit(session)
    run_jobs()
    session.expire_all()
    assert everything() == before


def test_before_the_click_a_manager_reads_whose_certificate_signs_whose_paper(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, certificate: bytes, make: Make,
    client_as: Callable[..., Any],
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    signatory = paper.facts["office"]["signatory"]["name"]["en"]
    said = client_as(account=make.account(Role.MANAGER, language="en")).get(f"/papers/{paper.id}")
    assert "Certificate: Образцов Иван Петрович, valid until" in said.text
    assert f"The paper is signed by: {signatory}." in said.text


def test_nobody_to_sign_or_a_certificate_out_of_date_is_told(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, tmp_path: Path
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    with pytest.raises(Conflict, match="no-signer"):
        electronic.ask_to_sign(session, desk.manager, now, paper.id)
    make_certificate(tmp_path / "old.p12", until=now - timedelta(days=1))
    use_signer(Pkcs12Signer(tmp_path / "old.p12", "секрет"))
    with pytest.raises(Conflict, match="certificate-expired"):
        electronic.ask_to_sign(session, desk.manager, now, paper.id)
    with pytest.raises(SignerError, match="does not open"):
        Pkcs12Signer(tmp_path / "old.p12", "wrong").certificate()
    with pytest.raises(SignerError, match="cannot be read"):
        Pkcs12Signer(tmp_path / "none.p12").certificate()
    use_signer(None)


def test_a_signature_that_fails_leaves_the_paper_approved_with_plain_files(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, certificate: bytes
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    electronic.ask_to_sign(session, desk.manager, now, paper.id)
    commit(session)
    use_signer(None)
    run_jobs()
    run_jobs()
    session.expire_all()
    assert (paper.state, paper.signature, paper.signing_error) == ("approved", None, "failed")
    assert "Сертификат" not in words_in(session, paper.texts[0])
    kinds = session.scalars(select(Event.kind).where(Event.kind == "papers.paper.not-signed")).all()
    assert len(kinds) == 1


def test_a_paper_revoked_before_the_job_ran_is_not_signed(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, certificate: bytes
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    electronic.ask_to_sign(session, desk.manager, now, paper.id)
    issuing.revoke_paper(session, desk.manager, now, paper.id, "Визит отменён")
    commit(session)
    run_jobs()
    session.expire_all()
    assert paper.state == "revoked"
    found = queries.verify(session, paper.code)
    assert found is not None
    assert found.state == "revoked"


def qr_on(page: bytes, tmp_path: Path) -> list[list[bool]]:
    """The modules of the only QR code on a page, sampled from its picture at 300 dots to the inch."""
    (tmp_path / "page.pdf").write_bytes(page)
    subprocess.run(["pdftoppm", "-png", "-r", "300", "-gray", "page.pdf", "page"], cwd=tmp_path, check=True)
    (name,) = tmp_path.glob("page-*.png")
    picture = Image.open(name).convert("L").point(lambda value: 255 if value < 128 else 0)
    corner = picture.crop((picture.width * 3 // 4, picture.height * 4 // 5, picture.width, picture.height))
    box = corner.getbbox()
    assert box
    code = corner.crop(box)
    assert abs(code.width - code.height) <= 2
    size = next(count for count in range(21, 60, 4) if _timed(code, count))
    step = code.width / size
    return [[bool(code.getpixel((int((x + 0.5) * step), int((y + 0.5) * step)))) for x in range(size)]
            for y in range(size)]  # fmt: skip


def _timed(code: Any, count: int) -> bool:
    """Whether the line of dots that tells a QR code's size alternates for this size."""
    step = code.width / count
    dots = [bool(code.getpixel((int((at + 0.5) * step), int(6.5 * step)))) for at in range(8, count - 8)]
    return dots == [at % 2 == 0 for at in range(8, count - 8)]


def matrices(address: str) -> list[list[list[bool]]]:
    """How an address looks as a QR code, under each of the eight masks that a drawer may choose."""
    made = [segno.make(address, error="m", mask=mask, micro=False) for mask in range(8)]
    return [[[bool(module) for module in row] for row in each.matrix] for each in made]


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler-utils")
def test_the_printed_code_leads_to_the_paper_that_it_stands_on(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, tmp_path: Path
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    session.expire_all()
    printed = qr_on(read_file(session, paper.texts[0].pdf_file_id)[1], tmp_path)
    assert printed in matrices(approving.verify_address(paper.code))
    assert printed not in matrices(approving.verify_address("2222-2222-2222"))


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_a_signed_file_stays_archival_and_accessible(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, certificate: bytes, tmp_path: Path
) -> None:
    paper = approved(session, desk, now, submitted(), run_jobs)
    electronic.ask_to_sign(session, desk.manager, now, paper.id)
    commit(session)
    run_jobs()
    session.expire_all()
    places = [tmp_path / f"{text.language}.pdf" for text in paper.texts]
    for place, text in zip(places, paper.texts, strict=True):
        place.write_bytes(read_file(session, text.pdf_file_id)[1])
    found = verapdf(places)
    assert set(found) == set(places)
    for verdict in found.values():
        assert (verdict.archive, verdict.accessible) == ("", "")


def test_the_mark_says_the_days_that_the_certificate_is_valid_as_our_office_reads_them() -> None:
    midnight = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)  # in Moscow the first of January begins
    told = Certificate("Office", "1F", midnight, midnight + timedelta(days=365)).plain("Europe/Moscow")
    assert (told["valid_from"], told["valid_to"]) == ("2027-01-01", "2028-01-01")
