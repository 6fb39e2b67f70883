"""Identities: a person's key on one laptop, and the file that keeps it.

The file is JSON: what may be read without a passphrase, and an envelope around the secrets
(Argon2id, RFC 9106, second recommended option; AES-256-GCM with the readable part as associated
data). The passphrase is optional; without one the secrets stand open and every screen says so.
"""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kipp_desktop.domain.canonical import encode
from kipp_desktop.errors import KippError
from kipp_desktop.exchange import sshsig
from kipp_desktop.files import cannot_write, sync_folder, write_whole
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "kipp-identity"
VERSION = 1

#: RFC 9106, section 4: 64 MiB, three passes, four lanes.
ARGON2 = {"iterations": 3, "lanes": 4, "memory_kib": 64 * 1024}

_SALT = 16
_NONCE = 12


class Randomness(Protocol):
    """Where random bytes come from; tests hand in their own."""

    def __call__(self, size: int, /) -> bytes:
        """Return ``size`` random bytes."""


@dataclass(frozen=True)
class Card:
    """What an identity file says without a passphrase.

    ``role`` is ``desk``, ``clerk`` (the desk keeper's second key) or ``member``.
    """

    fingerprint: str
    blob: bytes
    competition: str
    person: str
    name: str
    role: str
    protected: bool


@dataclass(frozen=True)
class Identity:
    """An unlocked identity: it can sign.

    ``pdf_key`` is an RSA key in PKCS#8 DER, where there is one.
    """

    card: Card
    key: Ed25519PrivateKey
    pdf_key: bytes | None = None

    @property
    def fingerprint(self) -> str:
        """The key's name."""
        return self.card.fingerprint


def new_identity(
    seed: bytes,
    *,
    competition: str,
    person: str,
    name: str,
    role: str,
    pdf_key: bytes | None = None,
) -> Identity:
    """Return the identity of a 32-byte seed."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    blob = sshsig.public_blob(key.public_key())
    card = Card(sshsig.fingerprint(blob), blob, competition, person, name, role, protected=False)
    return Identity(card, key, pdf_key)


def competition_id(desk_blob: bytes, nonce: bytes) -> str:
    """Return the competition's id: SHA-256 of the desk's public key blob and 16 random bytes."""
    return sshsig.fingerprint(desk_blob + nonce)


def save_identity(
    identity: Identity, path: Path, passphrase: str | None, randomness: Randomness
) -> Identity:
    """Write the identity file (whole or not at all); return the identity as it now stands."""
    protected = passphrase is not None
    card = replace(identity.card, protected=protected)
    secrets = encode(
        {
            "pdf_key": base64.b64encode(identity.pdf_key).decode() if identity.pdf_key else None,
            "seed": identity.key.private_bytes_raw().hex(),
        }
    )
    public = _public(card)
    if passphrase is None:
        envelope: dict[str, Any] = {"kdf": "none", "secrets": base64.b64encode(secrets).decode()}
    else:
        salt, nonce = randomness(_SALT), randomness(_NONCE)
        sealed = _cipher(passphrase, salt, ARGON2).encrypt(nonce, secrets, encode(public))
        envelope = {
            "kdf": "argon2id",
            "nonce": nonce.hex(),
            "salt": salt.hex(),
            "secrets": base64.b64encode(sealed).decode(),
            **ARGON2,
        }
    data = json.dumps({**public, "envelope": envelope}, indent=1, sort_keys=True) + "\n"
    write_whole(path, data.encode(), private=True)
    return replace(identity, card=card)


def read_card(path: Path) -> Card:
    """Return what an identity file says openly; :class:`KippError` ``bad-identity`` otherwise."""
    return _card(_read(path), path)


def unlock(path: Path, passphrase: str | None) -> Identity:
    """Return the identity, able to sign.

    Raises :class:`KippError` with code ``passphrase-needed``, ``wrong-passphrase`` or
    ``bad-identity``.
    """
    value = _read(path)
    card = _card(value, path)
    envelope = value["envelope"]
    try:
        secrets = base64.b64decode(envelope["secrets"], validate=True)
        if envelope["kdf"] == "argon2id":
            if passphrase is None:
                raise KippError(
                    "passphrase-needed",
                    Text("The key of {name} is protected by a passphrase.", name=card.name),
                    Text("Give the passphrase and try again."),
                )
            cost = {name: envelope[name] for name in ARGON2}
            if not all(
                type(value) is int and 1 <= value <= 16 * ARGON2[name]
                for name, value in cost.items()
            ):
                raise _bad_identity(path)
            cipher = _cipher(passphrase, bytes.fromhex(envelope["salt"]), cost)
            secrets = cipher.decrypt(
                bytes.fromhex(envelope["nonce"]), secrets, encode(_public(card))
            )
        elif envelope["kdf"] != "none":
            raise _bad_identity(path)
        opened = json.loads(secrets)
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(opened["seed"]))
        pdf_key = base64.b64decode(opened["pdf_key"]) if opened["pdf_key"] else None
    except InvalidTag as error:
        raise KippError(
            "wrong-passphrase",
            Text("The passphrase for the key of {name} is wrong.", name=card.name),
            Text("Type it again; capital letters count."),
        ) from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _bad_identity(path) from error
    if sshsig.public_blob(key.public_key()) != card.blob:
        raise _bad_identity(path)
    return Identity(card, key, pdf_key)


def reseal(path: Path, old: str | None, new: str | None, randomness: Randomness) -> Card:
    """Put an identity under another passphrase, or none; return what its file says openly then.

    The new file is written beside the old one and opened before it takes its place, so that there
    is a file that opens at every moment. Raises what :func:`unlock` raises, or ``cannot-write``.
    """
    identity = unlock(path, old)
    fresh = path.with_name(path.name + ".new")
    try:
        save_identity(identity, fresh, new, randomness)
        opened = unlock(fresh, new)
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        fresh.unlink(missing_ok=True)
    return opened.card


def _cipher(passphrase: str, salt: bytes, cost: dict[str, int]) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=salt,
        length=32,
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory_cost=cost["memory_kib"],
    )
    # One passphrase, however the keyboard composed its accents.
    return AESGCM(kdf.derive(unicodedata.normalize("NFC", passphrase).encode()))


def _public(card: Card) -> dict[str, Any]:
    return {
        "competition": card.competition,
        "format": FORMAT,
        "key": base64.b64encode(card.blob).decode(),
        "name": card.name,
        "person": card.person,
        "role": card.role,
        "version": VERSION,
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise KippError(
            "unreadable",
            Text("The file {file} cannot be read.", file=path.name),
            Text("Check that it is there and that you may open it."),
        ) from error
    except (ValueError, RecursionError) as error:
        raise _bad_identity(path) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise _bad_identity(path)
    if value.get("version") != VERSION or not isinstance(value.get("envelope"), dict):
        raise _bad_identity(path)
    return value


def _card(value: dict[str, Any], path: Path) -> Card:
    fields = [value.get(name) for name in ("competition", "person", "name", "role")]
    try:
        blob = base64.b64decode(value["key"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise _bad_identity(path) from error
    if not all(isinstance(field, str) for field in fields):
        raise _bad_identity(path)
    competition, person, name, role = map(str, fields)
    protected = value["envelope"].get("kdf") != "none"
    return Card(
        sshsig.fingerprint(blob), blob, competition, person, name, role, protected=protected
    )


def _bad_identity(path: Path) -> KippError:
    return KippError(
        "bad-identity",
        Text("The key file {file} is damaged or not one of this program.", file=path.name),
        Text("Take the copy of the key from the second medium, or make a new key."),
    )


def system_randomness(size: int) -> bytes:
    """Return random bytes of the operating system."""
    return os.urandom(size)
