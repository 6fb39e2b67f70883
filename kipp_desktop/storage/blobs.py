"""Blobs: large things that records cite by their SHA-256, one file each."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, Final

from kipp_desktop.files import cannot_read, sync_folder, whole_file, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

#: How a file is called while it is copied; what a crash leaves of one the next copy writes over.
_COMING: Final = "coming-"


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
        """Keep a file as it is, read once and hashed while it is copied; return its SHA-256.

        ``step`` is told the bytes of each piece read and may raise; nothing is then kept. Raises
        :class:`KippError` ``cannot-read`` or ``cannot-write``.
        """
        digest = hashlib.sha256()
        # Its name is known only at the end; two threads may bring files in at once.
        coming = self._folder / f"{_COMING}{threading.current_thread().name}"
        with whole_file(coming) as file:
            for chunk in _read(path, step):
                digest.update(chunk)
                file.write(chunk)
        sha256 = digest.hexdigest()
        if self.has(sha256):
            coming.unlink()
        else:
            coming.replace(self.path(sha256))
            sync_folder(self._folder)
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

    def forget(self, sha256: str) -> None:
        """Drop a blob that no record cites after all."""
        self.path(sha256).unlink(missing_ok=True)

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
