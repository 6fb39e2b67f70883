"""Consistent copies of a live database, through SQLite's own backup interface.

Copying the file is not enough: in WAL mode the latest rows are not in it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from kipp_desktop.storage.database import explained
from kipp_desktop.storage.projection import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    import peewee as pw


def copy_database(database: pw.SqliteDatabase, target: Path) -> None:
    """Write a copy of an open database to ``target``, which must not exist."""
    with explained(), closing(sqlite3.connect(target)) as copy:
        database.connection().backup(copy)
        copy.execute("PRAGMA journal_mode = delete")


def copy_unsigned(database: pw.SqliteDatabase, target: Path) -> None:
    """Write a copy that holds only what no ledger holds; the rest is made anew from the ledgers.

    With a hundred judges at the desk that is a thousandth of the database.
    """
    copy_database(database, target)
    with explained(), closing(sqlite3.connect(target, isolation_level=None)) as copy:
        for table in TABLES:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        copy.execute("VACUUM")


def count_drafts(path: Path) -> int:
    """Return how many drafts a copy holds.

    Raises :class:`KippError` with code ``damaged-database``.
    """
    with explained(), closing(sqlite3.connect(path)) as copy:
        return int(copy.execute("SELECT count(*) FROM draft").fetchone()[0])
