"""Checking the signatures of a PDF: whole, by whom, and what came after.

The common readers call a signature valid although a later revision painted over the page; here
pyHanko compares the revisions, and only its bottom line counts. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from kipp_desktop.documents.certificates import read_certificate
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from datetime import datetime

    from pyhanko.sign.validation import EmbeddedPdfSignature

#: Larger files are refused before they are read.
LARGEST = 64 * 2**20

# pyHanko logs a trace for what is told here in one sentence.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class PdfSignature:
    """One signature, in the order in which they were made.

    ``signer`` is the common name in the certificate, ``certificate_sha256`` the hex digest of its
    DER form; ``expected`` tells that it is the certificate that was handed in. ``signed_at`` is
    what the signer's clock claimed. ``whole``: the signed bytes are as signed. ``covers_all``: no
    byte of the file lies outside. ``end`` is the length of the signed revision. ``later_changes``
    is what was appended: ``none``, ``archival``, ``signatures`` (or filled fields), ``other``.
    ``bottom_line``: everything holds, apart from who the signer is.
    """

    field: str
    signer: str
    certificate_sha256: str
    expected: bool
    signed_at: datetime | None
    whole: bool
    covers_all: bool
    end: int
    later_changes: str
    bottom_line: bool


@dataclass(frozen=True)
class PdfReport:
    """What a PDF's signatures say: ``problems`` is empty where all of them hold."""

    signatures: tuple[PdfSignature, ...]
    problems: tuple[Text, ...]


_CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "archival",
    ModificationLevel.FORM_FILLING: "signatures",
}


def check_pdf(pdf: bytes, certificate_pem: bytes | None, at: datetime) -> PdfReport:
    """Check all signatures of ``pdf`` as of the time ``at``, at which their certificates must hold.

    ``at`` is best the time that the publication states: the clock of who checks decides nothing.

    ``certificate_pem`` is the certificate expected of the desk, where one is known. Any bytes give
    a report, or a :class:`KippError` where they are no PDF that can be read.
    """
    wanted = (
        hashlib.sha256(read_certificate(certificate_pem).public_bytes(Encoding.DER)).hexdigest()
        if certificate_pem is not None
        else None
    )
    if len(pdf) > LARGEST:
        raise KippError(
            "pdf-too-large",
            Text("The PDF file is larger than {size} MB.", size=LARGEST // 2**20),
            Text("Ask the secretariat for the file as it was published."),
        )
    problems: list[Text] = []
    try:
        embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        signatures = [
            signature
            for one in embedded
            if (signature := _signature(one, wanted, at, problems)) is not None
        ]
    except Exception as fault:  # a parser of hostile bytes may raise anything
        raise KippError(
            "pdf-unreadable",
            Text("The PDF file cannot be read."),
            Text("Ask the secretariat for the file as it was published."),
        ) from fault
    if not embedded:
        problems.append(Text("The file carries no electronic signature."))
    elif signatures and not _covered(signatures):
        problems.append(Text("Bytes at the end of the file are covered by no signature."))
    return PdfReport(tuple(signatures), tuple(problems))


def is_published_revision(pdf: bytes, sha256: str, size: int, at: datetime) -> bool:
    """Tell whether ``pdf`` is the published document, or that one with later signatures appended.

    The publication names the document's length ``size`` in bytes and its SHA-256 (hex). Raises what
    :func:`check_pdf` raises.
    """
    if not 0 < size <= len(pdf) or hashlib.sha256(pdf[:size]).hexdigest() != sha256:
        return False
    if len(pdf) == size:
        return True
    report = check_pdf(pdf, None, at)
    # The desk's seal ends where the document ended when it was published: pyHanko's verdict on
    # that signature is the verdict on what was appended.
    sealed = any(signature.end == size for signature in report.signatures)
    return sealed and not report.problems


def _signature(
    embedded: EmbeddedPdfSignature, wanted: str | None, at: datetime, problems: list[Text]
) -> PdfSignature | None:
    """Check one signature; add to ``problems`` what does not hold."""
    field = str(embedded.field_name)
    if embedded.sig_object_type != "/Sig":
        # A document time stamp: nothing here vouches for its authority.
        problems.append(
            Text(
                "The signature in field “{field}” is of a kind that cannot be checked here.",
                field=field,
            )
        )
        return None
    certificate: asn1_x509.Certificate = embedded.signer_cert
    # Whose key it is, the caller decides by the digest of the certificate; so the certificate is
    # its own root here, and what is left of the bottom line is everything else.
    status = validate_pdf_signature(
        embedded,
        ValidationContext(
            trust_roots=[certificate],
            allow_fetching=False,
            moment=at,
            best_signature_time=at,
            revocation_mode="soft-fail",
        ),
    )
    digest = hashlib.sha256(certificate.dump()).hexdigest()
    validity = certificate["tbs_certificate"]["validity"]
    # A root is not asked for its dates, so they are compared here.
    in_force = validity["not_before"].native <= at <= validity["not_after"].native
    level = status.modification_level
    byte_range = [int(part) for part in embedded.byte_range]
    signature = PdfSignature(
        field=field,
        signer=str(certificate.subject.native.get("common_name", "")),
        certificate_sha256=digest,
        expected=digest == wanted,
        signed_at=embedded.self_reported_timestamp,
        whole=bool(status.intact and status.valid),
        covers_all=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        end=byte_range[-2] + byte_range[-1],
        later_changes="other" if level is None else _CHANGES.get(level, "other"),
        bottom_line=bool(status.bottom_line) and in_force,
    )
    if not signature.whole:
        problems.append(
            Text("The signature in field “{field}” does not match the file.", field=field)
        )
    elif not status.docmdp_ok:
        problems.append(
            Text("The file was changed after the signature in field “{field}”.", field=field)
        )
    elif not in_force:
        problems.append(
            Text(
                "The certificate of the signature in field “{field}” was not in force on {date}.",
                field=field,
                date=at,
            )
        )
    elif not signature.bottom_line:
        problems.append(
            Text(
                "The signature in field “{field}” does not hold: {detail}.",
                field=field,
                detail=status.summary(),
            )
        )
    return signature


def _covered(signatures: list[PdfSignature]) -> bool:
    """Tell whether the last signature ends the file, or only archival data stands behind it."""
    last = max(signatures, key=lambda signature: signature.end)
    return last.covers_all or last.later_changes == "archival"
