"""Drafts: ordinary rows, saved at every change; durable when the call returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.storage.models import DraftRow

if TYPE_CHECKING:
    import peewee as pw


class Drafts:
    """The drafts of one database."""

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database

    def get(self, author: str, judge: str, stage: str, entry: str) -> DraftRow | None:
        """Return the draft of one sheet."""
        query = DraftRow.select().where(
            DraftRow.author == author,
            DraftRow.judge == judge,
            DraftRow.stage == stage,
            DraftRow.entry == entry,
        )
        return next(iter(query.execute(self._database)), None)

    def of(self, author: str, judge: str, stage: str) -> dict[str, DraftRow]:
        """Return the drafts of a judge in a stage by entry."""
        query = DraftRow.select().where(
            DraftRow.author == author, DraftRow.judge == judge, DraftRow.stage == stage
        )
        return {row.entry: row for row in query.execute(self._database)}

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

    def remove(self, author: str, judge: str, stage: str, entry: str) -> None:
        """Forget the draft of one sheet."""
        DraftRow.delete().where(
            DraftRow.author == author,
            DraftRow.judge == judge,
            DraftRow.stage == stage,
            DraftRow.entry == entry,
        ).execute(self._database)
