"""Real ``.kipp`` files, and ways to take them apart and put them together with other bytes."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import TYPE_CHECKING

from kipp_desktop.exchange.bundle import Blob, Bundle, write_bundle
from kipp_desktop.exchange.container import Writer, content, scan
from tests.examples import COMPETITION, desk, judge

if TYPE_CHECKING:
    from pathlib import Path

BLOB = b"foto"


def small_file(folder: Path, name: str = "hasil.kipp") -> Path:
    """Write a file with the desk's and a judge's ledger and one blob."""
    path = folder / name
    write_bundle(
        path,
        competition=COMPETITION,
        purpose="results",
        ledgers=[desk().ledger(), judge().ledger()],
        blobs=[Blob(hashlib.sha256(BLOB).hexdigest(), BLOB)],
    )
    return path


def large_file(folder: Path) -> Path:
    """Write a file whose ledger is long enough to be deflated."""
    path = folder / "besar.kipp"
    author = judge(0)
    for number in range(1, 301):
        author.write("score-sheet", entry=f"e{number}")
    write_bundle(
        path,
        competition=COMPETITION,
        purpose="sheets",
        ledgers=[desk().ledger(), author.ledger()],
    )
    return path


def members_of(data: bytes) -> dict[str, bytes]:
    """Return the members in order."""
    file = io.BytesIO(data)
    return {member.name: b"".join(content(file, member)) for member in scan(file)}


def zip_of(members: list[tuple[str, bytes]]) -> bytes:
    """Write a container as the program writes it, of any members."""
    file = io.BytesIO()
    writer = Writer(file)
    for name, data in members:
        writer.add_chunks(name, [data])
    writer.close()
    return file.getvalue()


def sums_of(members: dict[str, bytes]) -> bytes:
    return "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(members.items())
    ).encode()


def with_new_sums(members: dict[str, bytes]) -> bytes:
    """Put members together with a SHA256SUMS that fits them, as an attacker would."""
    rest = {name: data for name, data in members.items() if name != "SHA256SUMS"}
    return zip_of([*rest.items(), ("SHA256SUMS", sums_of(rest))])


def deflated(name: str, packed: bytes, size: int, crc: int) -> bytes:
    """Return a container of one deflated member with these very bytes."""
    fields = (20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", *fields) + name.encode() + packed
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, 0)
    central += name.encode()
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def deflate(data: bytes, level: int = 6) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def open_bytes(data: bytes) -> Bundle:
    """Open a file from memory."""
    return Bundle(io.BytesIO(data))
