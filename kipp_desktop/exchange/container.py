"""The zip around a ``.kipp`` file, byte by byte.

Every header field has the one value that our writer writes (APPNOTE.TXT 6.3.10, sections 4.3.7,
4.3.12 and 4.3.16), so that the reader can rebuild all headers from the members and compare: no byte
of a file is left unchecked. Members are stored, or deflated where they are long texts.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Final

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

STORED, DEFLATED = 0, 8
MAX_MEMBERS = 20_000
MAX_MEMBER = (1 << 32) - 2
MAX_FILE = (1 << 32) - 2
MAX_RATIO = 200
MAX_NAME = 200
#: Texts from this size on are deflated; shorter ones are stored, so that in a small file every
#: single bit stands for itself.
DEFLATE_FROM = 64 << 10
CHUNK = 1 << 20

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION = 20
#: 1 January 1980, the earliest date of the format: a time here would be nobody's claim.
_DATE = (1 << 5) | 1


@dataclass(frozen=True)
class Member:
    """Where a member stands in the file, and the SHA-256 of its content."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    sha256: str

    @property
    def start(self) -> int:
        """The offset of the member's data."""
        return self.offset + _LOCAL.size + len(self.name)


class Writer:
    """Writes members one after the other, then the directory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.members: list[Member] = []

    def add_bytes(self, name: str, data: bytes) -> Member:
        """Append a member: deflated where it is a long text, otherwise stored."""
        if len(data) >= DEFLATE_FROM:
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = packer.compress(data) + packer.flush()
            if len(packed) < len(data) <= MAX_RATIO * len(packed):
                crc, sha256 = zlib.crc32(data), hashlib.sha256(data).hexdigest()
                offset = self._file.tell()
                member = Member(name, DEFLATED, crc, len(packed), len(data), offset, sha256)
                self._file.write(_local(member) + packed)
                return self._added(member)
        return self.add_chunks(name, [data])

    def add_chunks(self, name: str, chunks: Iterable[bytes]) -> Member:
        """Append a stored member, streamed."""
        offset = self._file.tell()
        self._file.write(_local(Member(name, STORED, 0, 0, 0, offset, "")))
        crc, size, digest = 0, 0, hashlib.sha256()
        for chunk in chunks:
            crc = zlib.crc32(chunk, crc)
            digest.update(chunk)
            size += len(chunk)
            self._file.write(chunk)
            if size > MAX_MEMBER:
                break
        member = self._added(Member(name, STORED, crc, size, size, offset, digest.hexdigest()))
        end = self._file.tell()
        self._file.seek(offset)
        self._file.write(_local(member))
        self._file.seek(end)
        return member

    def _added(self, member: Member) -> Member:
        if self._file.tell() > MAX_FILE or len(self.members) >= MAX_MEMBERS:
            raise KippError(
                "too-large",
                Text("The file would become larger than 4 GiB or 20,000 parts."),
                Text("Leave out large attachments or send them apart."),
            )
        self.members.append(member)
        return member

    def close(self) -> None:
        """Write the directory."""
        self._file.write(_directory(self.members, self._file.tell()))


@dataclass(frozen=True)
class Source:
    """What a stored member was written from: as it was measured then, and its content again."""

    member: Member
    chunks: Callable[[], Iterator[bytes]]


#: A file of somebody else's: nothing of it is at hand to be compared with.
FOREIGN: Final[Mapping[str, Source]] = MappingProxyType({})


def unwatched(_bytes: int) -> None:
    """Nobody watches how many bytes were read."""


def watched(chunks: Iterable[bytes], step: Callable[[int], None]) -> Iterator[bytes]:
    """Yield chunks, and tell ``step`` the bytes of each; it may raise."""
    for chunk in chunks:
        step(len(chunk))
        yield chunk


def scan(file: IO[bytes], sources: Mapping[str, Source] = FOREIGN) -> list[Member]:
    """Return the members of a container after checking every byte of it.

    A writer that reads back what it wrote gives the ``sources`` of large members by their names:
    those are compared byte by byte with what was hashed when it was written, which says more than
    a second SHA-256 of them and takes a tenth of its time. Raises :class:`KippError` with code
    ``bad-file``.
    """
    file.seek(0, 2)
    length = file.tell()
    file.seek(0)
    members: list[Member] = []
    try:
        while (member := _next_member(file, sources)) is not None:
            members.append(member)
            if len(members) > MAX_MEMBERS:
                raise refused(Text("it has more than 20,000 parts"))
        directory_at = file.tell()
        if length - directory_at > (MAX_NAME + _CENTRAL.size) * len(members) + _END.size:
            raise refused(Text("something stands behind its end"))
        rest = file.read()
    except (struct.error, zlib.error, UnicodeDecodeError) as error:
        raise refused(Text("it is damaged or cut off")) from error
    if rest != _directory(members, directory_at):
        raise refused(Text("its directory was changed, or something stands behind its end"))
    if len({member.name for member in members}) != len(members):
        raise refused(Text("a part stands in it twice"))
    return members


def content(file: IO[bytes], member: Member) -> Iterator[bytes]:
    """Yield the content of a member that :func:`scan` returned."""
    file.seek(member.start)
    remaining = member.packed
    unpacker = zlib.decompressobj(-15) if member.method == DEFLATED else None
    while remaining:
        chunk = file.read(min(CHUNK, remaining))
        if not chunk:  # cut off since it was scanned: a stick pulled out
            raise refused(Text("it is damaged or cut off"))
        remaining -= len(chunk)
        if unpacker is None:
            yield chunk
            continue
        while chunk:
            yield unpacker.decompress(chunk, CHUNK)
            chunk = unpacker.unconsumed_tail
    if unpacker is not None:
        yield unpacker.flush()


def refused(reason: Text) -> KippError:
    """Return the error that says why a file is not accepted."""
    return KippError(
        "bad-file",
        Text("The file is refused: {reason}.", reason=reason),
        Text("Nothing of it was stored. Copy it again from where it was made, or ask for it anew."),
    )


def _next_member(file: IO[bytes], sources: Mapping[str, Source]) -> Member | None:
    offset = file.tell()
    header = file.read(_LOCAL.size)
    if header[:4] == b"PK\x01\x02" or (header[:4] == b"PK\x05\x06" and offset == 0):
        file.seek(offset)
        return None
    magic, _, _, method, _, _, crc, packed, size, name_length, _ = _LOCAL.unpack(header)
    if magic != b"PK\x03\x04":
        raise refused(
            Text("it is not a .kipp file")
            if offset == 0
            else Text("something stands between its parts")
        )
    if method not in {STORED, DEFLATED} or not 0 < name_length <= MAX_NAME:
        raise refused(Text("a part of it is not as this program writes it"))
    name = file.read(name_length).decode("ascii")
    if size > MAX_RATIO * max(packed, 1) or (method == STORED and size != packed):
        raise refused(Text("a part of it would grow beyond measure when opened"))
    source = sources.get(name)
    if source is not None and method == STORED:
        found_crc, found_size, sha256 = _compare(file, source)
    else:
        found_crc, found_size, sha256 = _measure(file, method, packed, size)
    member = Member(name, method, found_crc, packed, found_size, offset, sha256)
    if (found_crc, found_size) != (crc, size) or _local(member) != header + name.encode():
        raise refused(Text("the part {name} was changed", name=name[:80]))
    return member


def _measure(file: IO[bytes], method: int, packed: int, size: int) -> tuple[int, int, str]:
    """Read a member once: its CRC-32, size and SHA-256."""
    crc, found, digest = 0, 0, hashlib.sha256()
    for piece in _unpacked(file, method, packed):
        crc = zlib.crc32(piece, crc)
        digest.update(piece)
        found += len(piece)
        if found > size:
            raise refused(Text("a part of it is longer than it says"))
    return crc, found, digest.hexdigest()


def _compare(file: IO[bytes], source: Source) -> tuple[int, int, str]:
    """Compare a stored member with its source; return the CRC-32, size and SHA-256 of both."""
    member = source.member
    for chunk in source.chunks():
        if file.read(len(chunk)) != chunk:
            raise refused(Text("the part {name} was changed", name=member.name[:80]))
    return member.crc, member.size, member.sha256


def _unpacked(file: IO[bytes], method: int, packed: int) -> Iterator[bytes]:
    """Yield the content of the next ``packed`` bytes, strictly: no byte or bit is left over."""
    remaining = packed
    unpacker = zlib.decompressobj(-15)
    while remaining:
        chunk = file.read(min(CHUNK, remaining))
        if not chunk:
            raise refused(Text("it is damaged or cut off"))
        remaining -= len(chunk)
        if method == STORED:
            yield chunk
            continue
        last, chunk = (chunk[-1:], chunk[:-1]) if remaining == 0 else (b"", chunk)
        while chunk:
            yield unpacker.decompress(chunk, CHUNK)
            chunk = unpacker.unconsumed_tail
        if last:
            _check_padding(unpacker, last[0])
            yield unpacker.decompress(last)
    if method == DEFLATED and (not unpacker.eof or unpacker.unused_data):
        raise refused(Text("a part of it is damaged"))


def _check_padding(unpacker: zlib._Decompress, last: int) -> None:
    """Refuse a set bit behind the end of a deflated stream: it could be flipped unseen."""
    whole = unpacker.copy()
    expected = whole.decompress(bytes([last]))
    for bit in range(8):
        if last >> bit & 1:
            probe = unpacker.copy()
            try:
                same = probe.decompress(bytes([last ^ 1 << bit])) == expected
            except zlib.error:
                continue
            if same and probe.eof and whole.eof:
                raise refused(Text("a part of it is damaged"))


def _local(member: Member) -> bytes:
    return _LOCAL.pack(
        b"PK\x03\x04",
        _VERSION,
        0,
        member.method,
        0,
        _DATE,
        member.crc,
        member.packed,
        member.size,
        len(member.name),
        0,
    ) + member.name.encode("ascii")


def _directory(members: list[Member], offset: int) -> bytes:
    entries = b"".join(
        _CENTRAL.pack(
            b"PK\x01\x02",
            _VERSION,
            _VERSION,
            0,
            member.method,
            0,
            _DATE,
            member.crc,
            member.packed,
            member.size,
            len(member.name),
            0,
            0,
            0,
            0,
            0,
            member.offset,
        )
        + member.name.encode("ascii")
        for member in members
    )
    count = len(members)
    return entries + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(entries), offset, 0)
