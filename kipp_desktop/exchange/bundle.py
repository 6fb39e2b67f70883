"""``.kipp`` files: ledgers, and what they cite, on their way to another laptop.

The members, in this order: ``kipp.json``, ``VERIFY.txt``, ``ledgers/<hex>.ndjson`` each with its
``.sig``, ``forks/<head>.ndjson`` with theirs, ``blobs/<sha256>``, ``allowed_signers``,
``SHA256SUMS``. The reader accepts only these names in this order and rebuilds every member that
follows from the others.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self, cast

from kipp_desktop.domain.canonical import HASH, MAX_LINE, NotCanonical, decode, encode
from kipp_desktop.errors import KippError
from kipp_desktop.exchange import sshsig
from kipp_desktop.exchange.container import (
    FOREIGN,
    Member,
    Source,
    Writer,
    content,
    refused,
    scan,
    unwatched,
    watched,
)
from kipp_desktop.exchange.verify_text import VERIFY_TXT
from kipp_desktop.files import cannot_read, whole_file
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

FORMAT = "kipp"
VERSION = 1
PURPOSES = ("plan", "enrolment", "sheets", "observations", "receipt", "results", "approval")

_LEDGER = re.compile(r"(ledgers|forks)/([0-9a-f]{64})\.ndjson\Z", re.ASCII)
_BLOB = re.compile(r"blobs/([0-9a-f]{64})\Z", re.ASCII)


@dataclass(frozen=True)
class Ledger:
    """A ledger as it travels: the file's bytes and its armoured signature."""

    name: str
    data: bytes
    signature: bytes


@dataclass(frozen=True)
class Blob:
    """Something large that records cite by its SHA-256: bytes, or a file to stream from."""

    sha256: str
    source: bytes | Path

    def chunks(self) -> Iterator[bytes]:
        """Yield the content."""
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk


def write_bundle(
    path: Path,
    *,
    competition: str,
    purpose: str,
    ledgers: Sequence[Ledger],
    forks: Sequence[Ledger] = (),
    blobs: Iterable[Blob] = (),
    step: Callable[[int], None] = unwatched,
    hashed: bool = True,
) -> str:
    """Write a file whole or not at all, read it back, and return its SHA-256.

    Where nobody asks for that, without ``hashed`` it is empty and a third of the work is spared.

    ``ledgers`` are named by their author, ``forks`` by their head. ``step`` is told the bytes of
    each piece, once when it is written and once when it was read back, and may raise. Raises
    :class:`KippError` with code ``cannot-write`` or ``too-large``.
    """
    with whole_file(path) as file:
        writer = Writer(file)
        writer.add_bytes("kipp.json", _kipp_json(competition, purpose))
        writer.add_bytes("VERIFY.txt", VERIFY_TXT.encode())
        signers = set()
        for folder, items in (("ledgers", ledgers), ("forks", forks)):
            for item in sorted(items, key=lambda ledger: ledger.name):
                name = f"{folder}/{item.name}.ndjson"
                writer.add_bytes(name, item.data)
                writer.add_bytes(f"{name}.sig", item.signature)
                signers.add(sshsig.allowed_signer(sshsig.open_signature(item.signature)[0]))
        sources = {}
        for blob in sorted(blobs, key=lambda blob: blob.sha256):
            name = f"blobs/{blob.sha256}"
            if isinstance(blob.source, bytes):
                member = writer.add_bytes(name, blob.source)
            else:
                member = writer.add_chunks(name, watched(blob.chunks(), step))
                sources[name] = Source(member, blob.chunks)
            if member.sha256 != blob.sha256:
                raise KippError(
                    "damaged-blob",
                    Text(
                        "A stored attachment was changed on this laptop ({sha256}).",
                        sha256=blob.sha256[:12],
                    ),
                    Text("Restore it from a backup, then write the file again."),
                )
        writer.add_bytes("allowed_signers", b"".join(sorted(signers)))
        writer.add_bytes("SHA256SUMS", _sums(writer.members))
        writer.close()
        file.flush()
        # Read back what the medium holds: a bundle that its reader refuses must not leave.
        back = _Hashed(file, step, hashed=hashed)
        read = _read(cast("IO[bytes]", back), sources)
        if [m.sha256 for m in read] != [m.sha256 for m in writer.members]:
            raise refused(Text("what was written could not be read back"))
    return back.digest.hexdigest() if hashed else ""


class _Hashed:
    """A file that hashes itself while it is read through; what is read again counts once."""

    def __init__(self, file: IO[bytes], step: Callable[[int], None], *, hashed: bool) -> None:
        self.digest = hashlib.sha256()
        self._file, self._step, self._hashed, self._done = file, step, hashed, 0

    def read(self, size: int = -1, /) -> bytes:
        """Read on, and hash what was not read before."""
        start = self._file.tell()
        data = self._file.read(size)
        new = data[self._done - start :] if start <= self._done else b""
        if new:
            if self._hashed:
                self.digest.update(new)
            self._done += len(new)
            self._step(len(new))
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to another place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Bundle:
    """An opened ``.kipp`` file of which every byte was checked. Close it, or use ``with``."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._members = {member.name: member for member in _read(file)}
        header = decode(self._bytes("kipp.json")[:-1])
        assert isinstance(header, dict)
        self.competition = str(header["competition"])
        self.purpose = str(header["purpose"])

    @classmethod
    def open(cls, path: Path, step: Callable[[int], None] = unwatched) -> Bundle:
        """Open a file; raises :class:`KippError` ``cannot-read`` or ``bad-file``.

        ``step`` is told the bytes of each piece when it is read for the first time, and may raise.
        """
        try:
            file = path.open("rb")
        except OSError as error:
            raise cannot_read(path, error) from error
        try:
            return cls(cast("IO[bytes]", _Hashed(file, step, hashed=False)))
        except OSError as error:
            file.close()
            raise cannot_read(path, error) from error
        except BaseException:
            file.close()
            raise

    def ledgers(self) -> Iterator[Ledger]:
        """Yield the ledgers, one in memory at a time."""
        return self._ledgers("ledgers/")

    def forks(self) -> Iterator[Ledger]:
        """Yield the further branches of forked ledgers."""
        return self._ledgers("forks/")

    def ledger(self, author: str) -> Ledger | None:
        """Return the ledger of a key, where the file has one."""
        name = f"ledgers/{author}.ndjson"
        if name not in self._members:
            return None
        return Ledger(author, self._bytes(name), self._bytes(f"{name}.sig"))

    def beginning(self, author: str) -> bytes:
        """Return the first lines of a ledger: at least the first, which is never long."""
        found = b""
        for chunk in content(self._file, self._members[f"ledgers/{author}.ndjson"]):
            found += chunk
            if b"\n" in found or len(found) > MAX_LINE:
                break
        return found

    def authors(self) -> list[str]:
        """Return whose ledgers are in the file."""
        return [
            match[2]
            for name in self._members
            if (match := _LEDGER.match(name)) and match[1] == "ledgers"
        ]

    def blobs(self) -> list[str]:
        """Return the SHA-256 of every blob."""
        return [match[1] for name in self._members if (match := _BLOB.match(name))]

    def blob(self, sha256: str) -> bytes | None:
        """Return a blob whole (setup, people), where the file has it."""
        name = f"blobs/{sha256}"
        return self._bytes(name) if name in self._members else None

    def blob_chunks(self, sha256: str) -> Iterator[bytes]:
        """Yield a blob's content, streamed (photos, documents)."""
        return content(self._file, self._members[f"blobs/{sha256}"])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ledgers(self, folder: str) -> Iterator[Ledger]:
        for name in list(self._members):
            if name.startswith(folder) and name.endswith(".ndjson"):
                author = name[len(folder) : -len(".ndjson")]
                yield Ledger(author, self._bytes(name), self._bytes(f"{name}.sig"))

    def _bytes(self, name: str) -> bytes:
        return b"".join(content(self._file, self._members[name]))


def is_bundle(path: Path) -> bool:
    """Return whether a file looks like one of ours, by its first bytes."""
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except OSError:
        return False
    return start.startswith(b"PK\x03\x04") and start[30:39] == b"kipp.json"


def _read(file: IO[bytes], sources: Mapping[str, Source] = FOREIGN) -> list[Member]:
    """Check a file against all that its writer would have written."""
    members = scan(file, sources)
    names = [member.name for member in members]
    if names != _order(names) or not {"kipp.json", "VERIFY.txt", "SHA256SUMS"} <= set(names):
        raise refused(Text("it holds other parts than a .kipp file does"))
    found = {member.name: member for member in members}
    header = b"".join(content(file, found["kipp.json"])) if found["kipp.json"].size < 4096 else b""
    _check_header(header)
    signers = set()
    for name in names:
        if _LEDGER.match(name):
            member = found[f"{name}.sig"]
            signature = b"".join(content(file, member)) if member.size < 4096 else b""
            try:
                blob, _ = sshsig.open_signature(signature)
            except sshsig.BadSignatureError as error:
                raise refused(Text("a signature in it is damaged")) from error
            signers.add(sshsig.allowed_signer(blob))
        elif (match := _BLOB.match(name)) and found[name].sha256 != match[1]:
            raise refused(Text("the part {name} was changed", name=name[:80]))
        elif name.startswith("blobs/") and not match:
            raise refused(Text("it holds other parts than a .kipp file does"))
    rebuilt = {
        "VERIFY.txt": VERIFY_TXT.encode(),
        "allowed_signers": b"".join(sorted(signers)),
        "SHA256SUMS": _sums(members[:-1]),
    }
    for name, data in rebuilt.items():
        if name not in found or found[name].sha256 != hashlib.sha256(data).hexdigest():
            raise refused(Text("the part {name} was changed", name=name))
    return members


def _order(names: Sequence[str]) -> list[str]:
    """Return the names that belong into a file that has these, in the writer's order."""
    known = set(names)
    ordered = ["kipp.json", "VERIFY.txt"]
    for folder in ("ledgers", "forks"):
        for name in sorted(known):
            match = _LEDGER.match(name)
            if match and match[1] == folder:
                ordered += [name, f"{name}.sig"]
    ordered += sorted(name for name in known if _BLOB.match(name))
    return [*ordered, "allowed_signers", "SHA256SUMS"]


def _kipp_json(competition: str, purpose: str) -> bytes:
    return (
        encode(
            {"competition": competition, "format": FORMAT, "purpose": purpose, "version": VERSION}
        )
        + b"\n"
    )


def _check_header(data: bytes) -> None:
    try:
        value = decode(data.removesuffix(b"\n"))
    except NotCanonical as error:
        raise refused(Text("its heading was changed")) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise refused(Text("its heading was changed"))
    if value.get("version") != VERSION:
        raise KippError(
            "newer-format",
            Text("The file was made by a newer version of KIPP Desktop."),
            Text("Install the newer version on this laptop, then open the file again."),
        )
    competition, purpose = value.get("competition"), value.get("purpose")
    if (
        not isinstance(competition, str)
        or not HASH.match(competition)
        or purpose not in PURPOSES
        or _kipp_json(competition, str(purpose)) != data
    ):
        raise refused(Text("its heading was changed"))


def _sums(members: Sequence[Member]) -> bytes:
    lines = sorted((member.name, member.sha256) for member in members)
    return "".join(f"{sha256}  {name}\n" for name, sha256 in lines).encode("ascii")
