"""Drafts: ordinary rows, saved at every change; durable when the call returns.

SQLite has no checksum of its own: a bit that flips on the disk can turn a 7 into a 3 and leave the
database intact. Signed marks are compared with the signed lines; each draft carries a digest.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

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
    """The drafts of one database.

    Readers raise :class:`KippError` with code ``damaged-draft`` for a row that is not what was
    saved.
    """

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database

    def get(self, author: str, judge: str, stage: str, entry: str) -> Draft | None:
        """Return the draft of one sheet."""
        # Between a key press and its mark: the query as text, not built anew each time.
        row = self._database.execute_sql(
            "SELECT * FROM draft WHERE author = ? AND judge = ? AND stage = ? AND entry = ?",
            (author, judge, stage, entry),
        ).fetchone()
        return None if row is None else _whole(row)

    def of(self, author: str, judge: str, stage: str) -> dict[str, Draft]:
        """Return the drafts of a judge in a stage by entry."""
        rows = self._database.execute_sql(
            "SELECT * FROM draft WHERE author = ? AND judge = ? AND stage = ?",
            (author, judge, stage),
        )
        return {row[3]: _whole(row) for row in rows}

    def damaged(self) -> int:
        """Return how many drafts are not what was saved."""
        rows = self._database.execute_sql("SELECT * FROM draft")
        return sum(_digest(row[:-1]) != row[-1] for row in rows)

    def markers(self, stage: str) -> list[tuple[str, str]]:
        """Return who has drafts in a stage: (key that will sign, judge)."""
        return list(
            self._database.execute_sql(
                "SELECT DISTINCT author, judge FROM draft WHERE stage = ? ORDER BY author, judge",
                (stage,),
            ).fetchall()
        )

    def entries(self) -> frozenset[str]:
        """Return the entries of which there is a draft, of anybody in any stage."""
        rows = self._database.execute_sql("SELECT DISTINCT entry FROM draft")
        return frozenset(entry for (entry,) in rows)

    def stages(self) -> frozenset[str]:
        """Return the stages that have a draft."""
        rows = self._database.execute_sql("SELECT DISTINCT stage FROM draft")
        return frozenset(stage for (stage,) in rows)

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
        row = (author, judge, stage, entry, rubric, marks, notes, changed)
        self._database.execute_sql(
            "INSERT OR REPLACE INTO draft VALUES (?,?,?,?,?,?,?,?,?)", (*row, _digest(row))
        )

    def move(self, draft: Draft, entry: str) -> None:
        """Let a draft be of another entry, in one act; what that one had is replaced."""
        with self._database.atomic():
            self.remove(draft.author, draft.judge, draft.stage, [draft.entry])
            self.put(**draft._replace(entry=entry)._asdict())

    def remove(self, author: str, judge: str, stage: str, entries: Iterable[str]) -> None:
        """Forget the drafts of some sheets, all in one act."""
        with self._database.atomic():
            for entry in entries:
                self._database.execute_sql(
                    "DELETE FROM draft WHERE author = ? AND judge = ? AND stage = ? AND entry = ?",
                    (author, judge, stage, entry),
                )


def _digest(row: tuple[object, ...]) -> bytes:
    """Return 64 bits that a chance change of the row does not keep."""
    return hashlib.sha256(repr(row).encode()).digest()[:8]


def _whole(row: tuple[Any, ...]) -> Draft:
    draft = Draft(*row[:-1])
    if _digest(row[:-1]) != row[-1]:
        raise KippError(
            "damaged-draft",
            Text("A saved draft is not what was saved; the disk has damaged it."),
            Text("Restore the last backup; signed records are kept apart and are not lost."),
        )
    return draft
