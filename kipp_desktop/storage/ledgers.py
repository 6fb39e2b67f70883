"""The ledgers' files: the truth, outside the database, appended and synced.

``ledgers/<hex>.ndjson`` and ``.sig``; further branches of a forked key in ``forks/<head>.ndjson``.
An append writes the lines first and then the signature, so that after a crash the lines that the
signature does not cover were never signed.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from kipp_desktop.files import cannot_write, sync_folder, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class LedgerFiles:
    """The folder of ledgers of one competition."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "ledgers"
        self._forks = folder / "forks"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._forks.mkdir(parents=True, exist_ok=True)

    def authors(self) -> list[str]:
        """Return the keys whose ledgers are held, sorted."""
        return sorted(path.name[: -len(".ndjson")] for path in self._folder.glob("*.ndjson"))

    def read(self, author: str) -> tuple[bytes, bytes] | None:
        """Return a ledger's bytes and signature."""
        path = self._path(author)
        try:
            return path.read_bytes(), path.with_name(path.name + ".sig").read_bytes()
        except FileNotFoundError:
            return None

    def size(self, author: str) -> int:
        """Return how many bytes a ledger's file has; 0 where there is none."""
        try:
            return self._path(author).stat().st_size
        except FileNotFoundError:
            return 0

    def line(self, author: str, start: int, length: int) -> bytes:
        """Return one line of a ledger."""
        with self._path(author).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def append(self, author: str, size: int, lines: bytes, sign: Callable[[bytes], bytes]) -> None:
        """Append lines to a ledger of ``size`` bytes and sign it whole; durable on return.

        Raises :class:`KippError` with code ``cannot-write``; the ledger is then as it was.
        """
        path = self._path(author)
        try:
            with path.open("ab") as file:
                if file.tell() != size:
                    file.truncate(size)
                    file.seek(size)
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
            if size == 0:
                sync_folder(self._folder)
            write_whole(path.with_name(path.name + ".sig"), sign(path.read_bytes()))
        except OSError as error:
            raise cannot_write(path, error) from error

    def replace(self, author: str, data: bytes, signature: bytes) -> None:
        """Take a ledger that continues what is held here."""
        path = self._path(author)
        write_whole(path, data)
        write_whole(path.with_name(path.name + ".sig"), signature)

    def truncate(self, author: str, size: int) -> None:
        """Drop lines that were never signed; with nothing signed there is no ledger."""
        if size == 0:
            self._path(author).unlink()
            return
        with self._path(author).open("r+b") as file:
            file.truncate(size)
            os.fsync(file.fileno())

    def add_fork(self, head: str, data: bytes, signature: bytes) -> None:
        """Keep a branch that does not continue the one that is held; of two the longer one."""
        for known, held, _ in self.forks():
            if held.startswith(data):
                return
            if data.startswith(held):
                self._remove_fork(known)
        path = self._forks / f"{head}.ndjson"
        # The signature first: a branch without its signature is none.
        write_whole(path.with_name(path.name + ".sig"), signature)
        write_whole(path, data)

    def swap(self, author: str, head: str) -> None:
        """Read the branch that ends in ``head`` in place of the one that is read."""
        mine = self.read(author)
        other = next(item for item in self.forks() if item[0] == head)
        assert mine is not None
        last = hashlib.sha256(mine[0].rstrip(b"\n").rpartition(b"\n")[2]).hexdigest()
        self.add_fork(last, *mine)
        self.replace(author, other[1], other[2])
        self._remove_fork(head)

    def _remove_fork(self, head: str) -> None:
        path = self._forks / f"{head}.ndjson"
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".sig").unlink(missing_ok=True)

    def forks(self) -> list[tuple[str, bytes, bytes]]:
        """Return every further branch: head, bytes, signature."""
        found = []
        for path in sorted(self._forks.glob("*.ndjson")):
            signature = path.with_name(path.name + ".sig")
            if signature.exists():
                head = path.name[: -len(".ndjson")]
                found.append((head, path.read_bytes(), signature.read_bytes()))
        return found

    def _path(self, author: str) -> Path:
        return self._folder / f"{author}.ndjson"
