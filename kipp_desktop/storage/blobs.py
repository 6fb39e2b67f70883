"""Blobs: large things that records cite by their SHA-256, one file each."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kipp_desktop.files import whole_file, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Blobs:
    """A folder of blobs of one competition."""

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
