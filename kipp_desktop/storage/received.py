"""Every file that was ever opened here, and what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kipp_desktop.storage.models import ReceivedRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    import peewee as pw


class ReceivedFiles:
    """The history of one database."""

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database

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
