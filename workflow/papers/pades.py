"""Signing a PDF by PAdES B-B with pyHanko (ETSI EN 319 142-1).

Loaded by `signing` when something is signed: pyHanko takes most of a second and 40 MB, which no page needs.
"""

import io
from concurrent.futures import ThreadPoolExecutor

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

FIELD = "Signature"


def sign_with_pkcs12(pdf: bytes, pkcs12: bytes, password: bytes | None) -> bytes:
    """Sign a file; it must end in a line feed, or the signed one is no PDF/A any more.

    Raises:
        ValueError: the certificate does not open.
    """
    signer = SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=password)
    if signer is None:
        raise ValueError("the certificate does not open")
    told = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    whole = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    with ThreadPoolExecutor(1) as apart:  # pyHanko runs an event loop of its own, which a thread may have only one of
        out = apart.submit(PdfSigner(told, signer).sign_pdf, IncrementalPdfFileWriter(io.BytesIO(whole))).result()
    return bytes(out.getbuffer())
