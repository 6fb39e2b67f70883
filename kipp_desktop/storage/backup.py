"""A consistent copy of a live database, through SQLite's own backup interface.

Copying the file is not enough: in WAL mode the latest rows are not in it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from kipp_desktop.storage.database import explained

if TYPE_CHECKING:
    from pathlib import Path

    import peewee as pw


def copy_database(database: pw.SqliteDatabase, target: Path) -> None:
    """Write a copy of an open database to ``target``, which must not exist."""
    with explained(), closing(sqlite3.connect(target)) as copy:
        database.connection().backup(copy)
        copy.execute("PRAGMA journal_mode = delete")
