"""Drafts: ordinary rows, saved at every change; durable when the call returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import peewee as pw


class Draft(NamedTuple):
    """Marks that are not signed yet: by the key that will sign them, for a judge."""

    author: str
    judge: str
    stage: str
    entry: str
    rubric: str
    marks: bytes
    notes: str
    changed: str


class Drafts:
    """The drafts of one database."""

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database

    def get(self, author: str, judge: str, stage: str, entry: str) -> Draft | None:
        """Return the draft of one sheet."""
        # Between a key press and its mark: the query as text, not built anew each time.
        row = self._database.execute_sql(
            "SELECT * FROM draft WHERE author = ? AND judge = ? AND stage = ? AND entry = ?",
            (author, judge, stage, entry),
        ).fetchone()
        return None if row is None else Draft(*row)

    def of(self, author: str, judge: str, stage: str) -> dict[str, Draft]:
        """Return the drafts of a judge in a stage by entry."""
        rows = self._database.execute_sql(
            "SELECT * FROM draft WHERE author = ? AND judge = ? AND stage = ?",
            (author, judge, stage),
        )
        return {row[3]: Draft(*row) for row in rows}

    def entries(self) -> frozenset[str]:
        """Return the entries of which there is a draft, of anybody in any stage."""
        rows = self._database.execute_sql("SELECT DISTINCT entry FROM draft")
        return frozenset(entry for (entry,) in rows)

    def put(
        self,
        *,
        author: str,
        judge: str,
        stage: str,
        entry: str,
        rubric: str,
        marks: bytes,
        notes: str,
        changed: str,
    ) -> None:
        """Save the draft of one sheet."""
        self._database.execute_sql(
            "INSERT OR REPLACE INTO draft VALUES (?,?,?,?,?,?,?,?)",
            (author, judge, stage, entry, rubric, marks, notes, changed),
        )

    def remove(self, author: str, judge: str, stage: str, entries: Iterable[str]) -> None:
        """Forget the drafts of some sheets, all in one act."""
        with self._database.atomic():
            for entry in entries:
                self._database.execute_sql(
                    "DELETE FROM draft WHERE author = ? AND judge = ? AND stage = ? AND entry = ?",
                    (author, judge, stage, entry),
                )
