"""The connection: one, exclusive, and durable before it says so.

WAL with ``synchronous=FULL`` keeps every acknowledged mark through a power cut (``NORMAL`` does
not), ``locking_mode=EXCLUSIVE`` keeps a second program out. Peewee sets neither by itself, so both
are asserted at open.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import peewee as pw

from kipp_desktop.errors import KippError
from kipp_desktop.storage.migrations import migrate
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: SQLite's SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR and CANTOPEN in the driver's words.
_ENVIRONMENT = ("full", "readonly", "read-only", "i/o error", "unable to open")


class _Database(pw.SqliteDatabase):
    """Says every failure of the disk as a sentence, wherever it comes from."""

    def execute_sql(self, sql: str, params: object = None) -> Any:
        """Run a statement."""
        with explained():
            return super().execute_sql(sql, params)

    def commit(self) -> None:
        """Commit; durable on return."""
        with explained():
            super().commit()


def open_database(path: Path) -> pw.SqliteDatabase:
    """Open (or create) a competition's database and bring it to the newest form.

    Raises :class:`KippError` with code ``in-use``, ``damaged-database`` or ``disk``.
    """
    database = _Database(
        str(path),
        pragmas={
            "locking_mode": "exclusive",
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            "cache_size": -32_000,
            "busy_timeout": 200,
        },
        lock_type="IMMEDIATE",
    )
    with explained():
        database.connect()
        try:
            # The exclusive lock is taken by the first write, not by the pragma.
            with database.atomic():
                database.execute_sql("CREATE TABLE IF NOT EXISTS lock (held INTEGER)")
            require_durable(database)
            migrate(database)
        except BaseException:
            database.close()
            raise
    return database


def require_durable(database: pw.SqliteDatabase) -> None:
    """Raise ``RuntimeError`` unless a commit on this connection survives a power cut."""
    found = [
        database.execute_sql(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "journal_mode", "locking_mode")
    ]
    if found != [2, "wal", "exclusive"]:
        msg = f"the database would lose acknowledged marks: {found}"
        raise RuntimeError(msg)


def integrity(database: pw.SqliteDatabase) -> str:
    """Return what ``PRAGMA integrity_check`` finds: ``ok``, or the first fault."""
    return str(database.execute_sql("PRAGMA integrity_check(1)").fetchone()[0])


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the disk or another program did into a sentence for the user."""
    try:
        yield
    except (pw.OperationalError, sqlite3.OperationalError) as error:
        reason = str(error).lower()
        if "locked" in reason:
            raise KippError(
                "in-use",
                Text("This competition is open in another window or command."),
                Text("Close it there, then try again."),
            ) from error
        if any(word in reason for word in _ENVIRONMENT):
            raise KippError(
                "disk",
                Text("The disk refused to write: {reason}.", reason=str(error)),
                Text("What was saved before is safe. Make room on the disk, then try again."),
            ) from error
        if "decode" in reason:
            raise damaged(str(error)) from error
        raise
    except (pw.DatabaseError, sqlite3.DatabaseError) as error:
        raise damaged(str(error)) from error


def damaged(reason: Text | str) -> KippError:
    """Return the error that says that the database is not what was written."""
    return KippError(
        "damaged-database",
        Text("The database of this competition is damaged: {reason}.", reason=reason),
        Text("Restore the last backup; signed records are kept apart and are not lost."),
    )
