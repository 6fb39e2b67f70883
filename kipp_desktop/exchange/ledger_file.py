"""Ledger files: all that one key has signed in one competition, a record a line, signed whole.

Reading trusts nothing: the signature over the whole file, the chain of ``prev`` and ``seq``, and
that author, signing key, file name and competition agree.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import NotCanonical
from kipp_desktop.domain.records import DESK_KINDS, MEMBER_KINDS, Record, parse
from kipp_desktop.errors import KippError
from kipp_desktop.exchange import sshsig
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MAX_LEDGER = 512 << 20


@dataclass(frozen=True)
class Held:
    """A ledger that was checked before and is held here: its bytes and where they end."""

    data: bytes
    head: str
    seq: int
    is_desk: bool


@dataclass(frozen=True)
class LedgerFile:
    """A checked ledger. ``records`` are those after the part that was held already."""

    author: str
    competition: str
    blob: bytes
    data: bytes
    signature: bytes
    head: str
    seq: int
    is_desk: bool
    records: Sequence[Record] = field(repr=False, default=())


def ends(data: bytes) -> list[int]:
    """Return the offsets behind each complete line."""
    found, start = [], 0
    while (newline := data.find(b"\n", start)) >= 0:
        start = newline + 1
        found.append(start)
    return found


def sign_ledger(key: Ed25519PrivateKey, data: bytes) -> bytes:
    """Return the armoured signature of a whole ledger file."""
    return sshsig.sign(key, hashlib.sha512(data).digest())


def read_ledger(
    data: bytes,
    signature: bytes,
    *,
    author: str | None = None,
    competition: str | None = None,
    held: Held | None = None,
    take: Callable[[Record], None] | None = None,
) -> LedgerFile:
    """Check a ledger file and return it.

    Where the file continues the ledger that is ``held``, only the rest is parsed; the signature
    is checked over the whole all the same. With ``take`` each record is handed over as soon as it
    is checked, and not kept; what was handed over counts only when this returns.
    Raises :class:`KippError` with code ``bad-ledger``.
    """
    blob, author = _check_signature(data, signature, author)
    prev, seq, start = "", 0, 0
    is_desk = False
    if held is not None and data.startswith(held.data):
        start, prev, seq, is_desk = len(held.data), held.head, held.seq, held.is_desk
    records: list[Record] = []
    keep = take or records.append
    kinds: set[str] = set()
    try:
        for line in _lines(data, start):
            record = parse(line)
            if record.author != author or record.seq != seq + 1 or record.prev != prev:
                raise _refused(author, Text("a record is missing, moved or not of this key"))
            if competition is None:
                competition = record.competition
            if record.competition != competition:
                raise _refused(author, Text("it belongs to another competition"))
            if record.seq == 1:
                is_desk = record.body.get("desk") == author
                if record.kind != "enrolment":
                    raise _no_enrolment(author)
            else:
                kinds.add(record.kind)
            if is_desk and record.seen:
                raise _refused(author, Text("the desk's record cites a desk"))
            keep(record)
            prev, seq = record.id, record.seq
    except NotCanonical as error:
        reason = Text("line {line} is not as this program writes it", line=seq + 1)
        raise _refused(author, reason) from error
    if seq == 0:
        raise _refused(author, Text("it is empty"))
    # The first record enrols, and no other; one that trusts its own key begins a desk's ledger.
    if "enrolment" in kinds:
        raise _no_enrolment(author)
    if kinds - (DESK_KINDS if is_desk else MEMBER_KINDS):
        raise _refused(author, Text("it holds records that this key may not sign"))
    return LedgerFile(author, competition or "", blob, data, signature, prev, seq, is_desk, records)


def signed_prefix(data: bytes, signature: bytes) -> int:
    """Return the length of the longest prefix of whole lines that the signature covers, or -1.

    After a crash between writing lines and signing them, the lines beyond it were never signed.
    """
    try:
        blob, raw = sshsig.open_signature(signature)
    except sshsig.BadSignatureError:
        return -1
    digests = []
    state, start = hashlib.sha512(), 0
    for end in ends(data):
        state.update(data[start:end])
        digests.append((end, state.copy().digest()))
        start = end
    for end, digest in reversed(digests):
        try:
            sshsig.check(blob, raw, digest)
        except sshsig.BadSignatureError:
            continue
        return end
    return -1


def _check_signature(data: bytes, signature: bytes, author: str | None) -> tuple[bytes, str]:
    if len(data) > MAX_LEDGER:
        raise _refused(author, Text("it is larger than 512 MiB"))
    try:
        blob = sshsig.verify(signature, hashlib.sha512(data).digest())
    except sshsig.BadSignatureError as error:
        raise _refused(
            author, Text("its content was changed after it was signed, or the signature is false")
        ) from error
    signer = sshsig.fingerprint(blob)
    if author is not None and author != signer:
        raise _refused(author, Text("it was signed by another key"))
    return blob, signer


def _lines(data: bytes, start: int) -> list[bytes]:
    rest = data[start:]
    if not rest:
        return []
    if not rest.endswith(b"\n"):
        msg = "the last line has no end"
        raise NotCanonical(msg)
    return rest[:-1].split(b"\n")


def _no_enrolment(author: str) -> KippError:
    return _refused(author, Text("it does not begin with an enrolment"))


def _refused(author: str | None, reason: Text) -> KippError:
    return KippError(
        "bad-ledger",
        Text(
            "The ledger {key} cannot be trusted: {reason}.", key=(author or "?")[:12], reason=reason
        ),
        Text("Nothing of it was stored. Ask for a new file from the laptop where it was made."),
    )
