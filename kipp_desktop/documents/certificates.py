"""The certificate with which a desk seals a PDF: self-made, and plainly called uncertified.

RSA-3072, because readers refuse Ed25519 in PDF signatures and because elliptic curves lift the file
to PDF 2.0. The subject names the fingerprint of the desk's key, never a person.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from datetime import datetime

# RFC 9336; OpenSSL and NSS know only e-mail protection, so both stand in the certificate.
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
# Without a time stamp a signature ends with its certificate: long enough for an archive.
_VALIDITY = timedelta(days=20 * 365 + 5)


def new_rsa_key() -> RSAPrivateKey:
    """Return a new RSA-3072 key, from the operating system's randomness."""
    return generate_private_key(public_exponent=65537, key_size=3072)


def make_certificate(
    key: RSAPrivateKey, fingerprint_hex: str, not_before: datetime, *, serial_seed: bytes
) -> x509.Certificate:
    """Return the self-signed certificate of the desk with this fingerprint (64 hex digits).

    ``serial_seed`` is at least 16 random bytes; the serial number (RFC 5280: positive, at most 20
    octets) is taken from its SHA-256. Same arguments, same certificate.
    """
    if len(serial_seed) < 16:
        raise ValueError(serial_seed)
    subject = x509.Name(
        [
            x509.NameAttribute(
                NameOID.COMMON_NAME, f"KIPP Desktop {fingerprint_hex[:16]} (tidak tersertifikasi)"
            )
        ]
    )
    digest = hashlib.sha256(serial_seed).digest()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(digest[:19], "big") + 1)
        .not_valid_before(not_before)
        .not_valid_after(not_before + _VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(
            x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """Return the certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def certificate_sha256(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the certificate's DER form, as hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def read_certificate(pem: bytes) -> x509.Certificate:
    """Return the certificate of ``pem``; a :class:`KippError` where it is none."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as fault:
        raise KippError(
            "certificate-unreadable",
            Text("The PDF certificate cannot be read."),
            Text("Ask the secretariat for a new results file."),
        ) from fault


def key_to_der(key: RSAPrivateKey) -> bytes:
    """Return the key as unencrypted PKCS#8 DER; the identity's envelope is what protects it."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def key_from_der(der: bytes) -> RSAPrivateKey:
    """Return the RSA key of PKCS#8 ``der``; a :class:`KippError` where it is none."""
    try:
        key = serialization.load_der_private_key(der, password=None)
    except (ValueError, TypeError) as fault:
        raise _no_key() from fault
    if not isinstance(key, RSAPrivateKey):
        raise _no_key()
    return key


def _no_key() -> KippError:
    return KippError(
        "pdf-key-unreadable",
        Text("The key that seals PDF files cannot be read."),
        Text("Restore the identity from its copy."),
    )
