"""Blobs: large things that records cite by their SHA-256, one file each."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.files import cannot_read, whole_file, write_whole
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


class Blobs:
    """The blobs' folder of one competition, or another one that is kept in the same way."""

    def __init__(self, folder: Path, name: str = "blobs") -> None:
        self._folder = folder / name
        self._folder.mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.has(sha256):
            write_whole(self.path(sha256), data)
        return sha256

    def put_chunks(self, sha256: str, chunks: Iterable[bytes]) -> None:
        """Keep a blob whose content was checked already."""
        if not self.has(sha256):
            with whole_file(self.path(sha256)) as file:
                for chunk in chunks:
                    file.write(chunk)

    def put_file(self, path: Path, step: Callable[[int], None]) -> str:
        """Keep a file as it is, streamed, and return its SHA-256.

        ``step`` is told the bytes of each piece read and may raise; nothing is then kept. Raises
        :class:`KippError` ``cannot-read``, and ``changed`` where the file is not read twice alike.
        """
        sha256 = _digest(_read(path, step))
        if not self.has(sha256):
            digest = hashlib.sha256()
            with whole_file(self.path(sha256)) as file:
                for chunk in _read(path, step):
                    digest.update(chunk)
                    file.write(chunk)
                if digest.hexdigest() != sha256:
                    raise KippError(
                        "changed",
                        Text("The file {file} changed while it was copied.", file=path.name),
                        Text("Check the card or the stick, and take the file again."),
                    )
        return sha256

    def get(self, sha256: str) -> bytes | None:
        """Return a blob, ``None`` where it is not held or not whole."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def has(self, sha256: str) -> bool:
        """Return whether a blob is held."""
        return self.path(sha256).exists()

    def path(self, sha256: str) -> Path:
        """Return where a blob stands."""
        return self._folder / sha256

    def all(self) -> list[str]:
        """Return the SHA-256 of every blob that is held."""
        return sorted(path.name for path in self._folder.iterdir() if len(path.name) == 64)


def _read(path: Path, step: Callable[[int], None]) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                step(len(chunk))
                yield chunk
    except OSError as error:
        raise cannot_read(path, error) from error


def _digest(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
