"""The steps from an empty file to the newest form, in order; each with its version in one act.

A step is frozen once released: it says its own SQL and never asks the models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    import peewee as pw

STEPS = (
    """
    -- What the desk writes before a plan, and may change until the next one.
    CREATE TABLE document (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE organisation (
        id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
        parent TEXT, must_enter INTEGER NOT NULL, abbreviation TEXT NOT NULL
    ) WITHOUT ROWID;
    -- With a rowid: its long rows are taken in at half the price.
    CREATE TABLE entry (
        id TEXT PRIMARY KEY, position INTEGER NOT NULL, number TEXT NOT NULL, title TEXT NOT NULL,
        organisation TEXT, unit TEXT NOT NULL, groupid TEXT NOT NULL, category TEXT NOT NULL,
        summary TEXT NOT NULL, fields TEXT NOT NULL, contact TEXT NOT NULL, phone TEXT NOT NULL
    );
    CREATE TABLE person (
        id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL,
        institution TEXT NOT NULL, title TEXT NOT NULL, conflicts TEXT NOT NULL,
        nip TEXT NOT NULL, phone TEXT NOT NULL
    ) WITHOUT ROWID;
    -- What is not signed yet.
    CREATE TABLE draft (
        author TEXT NOT NULL, judge TEXT NOT NULL, stage TEXT NOT NULL, entry TEXT NOT NULL,
        rubric TEXT NOT NULL, marks BLOB NOT NULL, notes TEXT NOT NULL, changed TEXT NOT NULL,
        digest BLOB NOT NULL, PRIMARY KEY (author, judge, stage, entry)
    ) WITHOUT ROWID;
    -- The ledgers' projection. Keys and rubrics are written once and cited by number: a hundred
    -- judges' sheets are 300,000 rows.
    CREATE TABLE hash (number INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
    CREATE TABLE ledger (
        author TEXT PRIMARY KEY, desk INTEGER NOT NULL, head TEXT NOT NULL, seq INTEGER NOT NULL,
        size INTEGER NOT NULL, person TEXT NOT NULL
    ) WITHOUT ROWID;
    -- Every record but sheets, which have their own table.
    CREATE TABLE record (
        author INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL,
        at TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL,
        PRIMARY KEY (author, seq)
    ) WITHOUT ROWID;
    CREATE TABLE sheet (
        author INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, at TEXT NOT NULL,
        start INTEGER NOT NULL, length INTEGER NOT NULL, paper INTEGER NOT NULL,
        judge TEXT NOT NULL, stage TEXT NOT NULL, entry TEXT NOT NULL, rubric INTEGER NOT NULL,
        marks BLOB, withdrawn INTEGER NOT NULL, PRIMARY KEY (author, seq)
    ) WITHOUT ROWID;
    CREATE INDEX sheet_judge ON sheet (judge, stage) WHERE paper = 1;
    CREATE INDEX sheet_unread ON sheet (author, seq) WHERE marks IS NULL AND withdrawn = 0;
    CREATE TABLE papercheck (
        author INTEGER NOT NULL, seq INTEGER NOT NULL, judge TEXT NOT NULL, sheet TEXT NOT NULL,
        PRIMARY KEY (judge, author, seq)
    ) WITHOUT ROWID;
    CREATE TABLE counted (
        stage TEXT NOT NULL, judge TEXT NOT NULL, entry TEXT NOT NULL, author INTEGER NOT NULL,
        seq INTEGER NOT NULL, total INTEGER NOT NULL, marks BLOB NOT NULL, how TEXT NOT NULL,
        PRIMARY KEY (stage, judge, entry)
    ) WITHOUT ROWID;
    CREATE TABLE stopped (
        stage TEXT NOT NULL, judge TEXT NOT NULL, author INTEGER NOT NULL, seq INTEGER NOT NULL,
        entry TEXT NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (stage, judge, author, seq)
    ) WITHOUT ROWID;
    -- Every file that was ever opened.
    CREATE TABLE received (
        number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
        outcome TEXT NOT NULL, records INTEGER NOT NULL, reason TEXT NOT NULL, heads TEXT NOT NULL
    );
    CREATE INDEX received_sha256 ON received (sha256);
    """,
    """
    -- Other spellings of organisations that somebody confirmed.
    CREATE TABLE alias (
        key TEXT PRIMARY KEY, name TEXT NOT NULL, organisation TEXT NOT NULL
    ) WITHOUT ROWID;
    -- What the secretariat found at the administrative selection, item by item.
    CREATE TABLE verdict (
        entry TEXT NOT NULL, item TEXT NOT NULL, passed INTEGER NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (entry, item)
    ) WITHOUT ROWID;
    -- Files that belong to an entry. Their content is a blob.
    CREATE TABLE attachment (
        entry TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
        size INTEGER NOT NULL, PRIMARY KEY (entry, sha256)
    ) WITHOUT ROWID;
    """,
)

VERSION = len(STEPS)


def migrate(database: pw.SqliteDatabase) -> None:
    """Apply the steps that the file has not had yet.

    Raises :class:`KippError` with code ``newer-database`` for a file of a newer program.
    """
    version = database.execute_sql("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise KippError(
            "newer-database",
            Text("This competition was opened by a newer version of KIPP Desktop."),
            Text("Install the newer version on this laptop."),
        )
    for number, script in enumerate(STEPS[version:], start=version + 1):
        with database.atomic():
            for statement in script.split(";"):
                if statement.strip():
                    database.execute_sql(statement)
            database.execute_sql(f"PRAGMA user_version = {number}")
