"""Every file that was ever opened here, what came of it, and the bytes of those that were taken."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.files import cannot_read, whole_file
from kipp_desktop.storage.models import ReceivedRow
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import peewee as pw

CHUNK = 1 << 20


class ReceivedFiles:
    """The history of one database, and ``received/<sha256>.kipp`` beside it."""

    def __init__(self, database: pw.SqliteDatabase, folder: Path) -> None:
        self._database = database
        self._folder = folder / "received"

    def add(  # noqa: PLR0917 - the row's columns
        self,
        sha256: str,
        name: str,
        at: str,
        outcome: str,
        records: int,
        reason: str,
        heads: Mapping[str, str],
    ) -> None:
        """Remember a file: ``heads`` are the ledgers' heads that it carried."""
        ReceivedRow.insert(
            sha256=sha256,
            name=name,
            at=at,
            outcome=outcome,
            records=records,
            reason=reason,
            heads=json.dumps(heads, sort_keys=True),
        ).execute(self._database)

    def heads(self, sha256: str) -> dict[str, str] | None:
        """Return the heads that a file carried when it was last taken whole."""
        query = (
            ReceivedRow.select()
            .where(ReceivedRow.sha256 == sha256, ReceivedRow.heads != "{}")
            .order_by(ReceivedRow.number.desc())
            .limit(1)
        )
        row = next(iter(query.execute(self._database)), None)
        return None if row is None else dict(json.loads(row.heads))

    def all(self) -> list[ReceivedRow]:
        """Return the history, latest first."""
        return list(
            ReceivedRow.select().order_by(ReceivedRow.number.desc()).execute(self._database)
        )

    # -- the bytes

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a taken file stand."""
        return self._folder / f"{sha256}.kipp"

    def keep(self, source: Path, sha256: str, step: Callable[[int], None]) -> Path:
        """Copy a file's bytes to this laptop, durably; return the copy.

        ``step`` is told the bytes of each piece and may raise; nothing is then kept.
        Raises :class:`KippError` with code ``changed`` where they are not those of ``sha256``,
        ``cannot-read``, or ``cannot-keep`` where there is no room; nothing is then kept.
        """
        kept = self.path(sha256)
        try:
            with source.open("rb") as file, whole_file(kept) as copy:
                digest = hashlib.sha256()
                while chunk := _read(source, file):
                    digest.update(chunk)
                    copy.write(chunk)
                    step(len(chunk))
                if digest.hexdigest() != sha256:
                    raise changed(source)
        except KippError as error:
            if error.code != "cannot-write":
                raise
            raise KippError(
                "cannot-keep",
                Text("The file {file} could not be copied to this laptop.", file=source.name),
                Text("Nothing of it was stored. Make room on the disk and open the file again."),
            ) from error
        except OSError as error:
            raise cannot_read(source, error) from error
        return kept

    def forget(self, sha256: str) -> None:
        """Drop the bytes of a file that was not taken after all."""
        with suppress(OSError):
            self.path(sha256).unlink()


def _read(path: Path, file: IO[bytes]) -> bytes:
    """Read on; a stick that was pulled out is not a full disk."""
    try:
        return file.read(CHUNK)
    except OSError as error:
        raise cannot_read(path, error) from error


def changed(path: Path) -> KippError:
    """Return the error for a file that is no longer the one that was looked at."""
    return KippError(
        "changed",
        Text("The file {file} is not the one that was looked at.", file=path.name),
        Text("Nothing of it was stored. Open it again and look at what it brings."),
    )
