"""OpenSSH signatures (SSHSIG): ssh-ed25519 over SHA-512, as ``ssh-keygen -Y`` makes them.

Format: PROTOCOL.sshsig of OpenSSH. Only this one algorithm, hash and armour are written, and a
signature that we would not have written byte for byte is refused.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAMESPACE = "ledger@kipp-desktop"

_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_END = b"-----END SSH SIGNATURE-----\n"
_KEY_TYPE = b"ssh-ed25519"
_LINE = 70


class BadSignatureError(ValueError):
    """The signature is not one of ours, or does not belong to these bytes and this key."""


def public_blob(key: Ed25519PublicKey) -> bytes:
    """Return the SSH public key blob (RFC 8709, section 4)."""
    return _string(_KEY_TYPE) + _string(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def fingerprint(blob: bytes) -> str:
    """Return the lower-case hex SHA-256 of a public key blob: the key's name everywhere."""
    return hashlib.sha256(blob).hexdigest()


def allowed_signer(blob: bytes) -> bytes:
    """Return the key's line of ``allowed_signers`` (ssh-keygen(1), ALLOWED SIGNERS)."""
    encoded = base64.b64encode(blob).decode()
    return f'{fingerprint(blob)} namespaces="{NAMESPACE}" ssh-ed25519 {encoded}\n'.encode()


def sign(key: Ed25519PrivateKey, message_sha512: bytes) -> bytes:
    """Return the armoured signature over a message, given its SHA-512 digest."""
    signature = key.sign(_signed(message_sha512))
    return _armour(public_blob(key.public_key()), signature)


def verify(armoured: bytes, message_sha512: bytes) -> bytes:
    """Return the public key blob that signed; raise :class:`BadSignatureError` otherwise."""
    blob, signature = open_signature(armoured)
    check(blob, signature, message_sha512)
    return blob


def check(blob: bytes, signature: bytes, message_sha512: bytes) -> None:
    """Raise :class:`BadSignatureError` unless the key signed a message with this digest."""
    key = Ed25519PublicKey.from_public_bytes(blob[-32:])
    try:
        key.verify(signature, _signed(message_sha512))
    except InvalidSignature as error:
        msg = "the signature does not belong to these bytes"
        raise BadSignatureError(msg) from error


@lru_cache(maxsize=256)
def open_signature(armoured: bytes) -> tuple[bytes, bytes]:
    """Return the public key blob and the 64 signature bytes of an armoured signature.

    Kept for the last few: a file's signatures are opened by its container and by each ledger.
    """
    body = armoured.removeprefix(_BEGIN).removesuffix(_END)
    try:
        raw = base64.b64decode(body.replace(b"\n", b""), validate=True)
        # Built anew, not taken as it stands: one key must not go by several names.
        blob = public_blob(Ed25519PublicKey.from_public_bytes(raw[33 : 33 + 32]))
        signature = raw[-64:]
    except ValueError as error:
        msg = "not an OpenSSH signature"
        raise BadSignatureError(msg) from error
    if _armour(blob, signature) != armoured:
        msg = "not an OpenSSH signature as this program writes it"
        raise BadSignatureError(msg)
    return blob, signature


def _armour(blob: bytes, signature: bytes) -> bytes:
    raw = (
        b"SSHSIG"
        + struct.pack(">I", 1)
        + _string(blob)
        + _string(NAMESPACE.encode())
        + _string(b"")
        + _string(b"sha512")
        + _string(_string(_KEY_TYPE) + _string(signature))
    )
    text = base64.b64encode(raw)
    lines = [text[start : start + _LINE] + b"\n" for start in range(0, len(text), _LINE)]
    return _BEGIN + b"".join(lines) + _END


def _signed(message_sha512: bytes) -> bytes:
    return (
        b"SSHSIG"
        + _string(NAMESPACE.encode())
        + _string(b"")
        + _string(b"sha512")
        + _string(message_sha512)
    )


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
