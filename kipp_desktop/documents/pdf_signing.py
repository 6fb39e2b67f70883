"""Sealing a PDF: a PAdES B-B signature of the desk, made without a network.

A plain approval signature, not a certification: certifying would keep other tools (such as those
of BSrE) from adding a signature field of their own later. Nothing is encrypted or locked; later
signatures append to the file and leave this one valid.
"""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kipp_desktop.documents.certificates import key_to_der

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

#: Name of the desk's signature field.
FIELD = "KIPP-Desktop"
# Hex digits kept free for the signature: RSA-3072 with one certificate takes about 4,000.
_RESERVED = 8192


def seal_pdf(
    pdf: bytes,
    key: RSAPrivateKey,
    certificate: Certificate,
    *,
    signed_at: datetime,
    reason: str,
    field: str = FIELD,
) -> bytes:
    """Return ``pdf`` with an invisible signature in a new ``field``, appended to its bytes.

    ``signed_at`` carries its zone; it stands in the signature as claimed time (there is no time
    stamp: B-B). PAdES: ETSI EN 319 142-1.
    """
    if signed_at.tzinfo is None:
        raise ValueError(signed_at)
    # An empty store: the signature carries the desk's certificate and nothing else.
    others = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key_to_der(key)),
        cert_registry=others,
    )
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
    )
    session = PdfSigner(metadata, signer=signer).init_signing_session(
        IncrementalPdfFileWriter(io.BytesIO(pdf))
    )
    session.system_time = signed_at
    unsigned = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    output = io.BytesIO()
    prepared, _ = unsigned.digest_tbs_document(output=output)
    asyncio.run(
        unsigned.perform_signature(
            document_digest=prepared.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=signed_at),
        )
    )
    return output.getvalue()
