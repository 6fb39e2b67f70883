"""The desk's workbench: what the next plan will say, and what never leaves this laptop."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import Json
from kipp_desktop.storage.models import Document, EntryRow, OrganisationRow, PersonRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    import peewee as pw


class Workbench:
    """The tables of one database that the secretariat edits."""

    def __init__(self, database: pw.SqliteDatabase) -> None:
        self._database = database

    def document(self, key: str) -> Any:
        """Return a named document, ``None`` where there is none."""
        query = Document.select().where(Document.key == key)
        row = next(iter(query.execute(self._database)), None)
        return None if row is None else json.loads(row.value)

    def set_document(self, key: str, value: Json) -> None:
        """Keep a named document."""
        Document.replace(key=key, value=json.dumps(value)).execute(self._database)

    def organisations(self) -> list[OrganisationRow]:
        """Return the organisations in the order of their import."""
        query = OrganisationRow.select().order_by(OrganisationRow.position)
        return list(query.execute(self._database))

    def entries(self) -> list[EntryRow]:
        """Return the entries in the order of their import."""
        return list(EntryRow.select().order_by(EntryRow.position).execute(self._database))

    def people(self) -> list[PersonRow]:
        """Return the people in the order of their import."""
        return list(PersonRow.select().order_by(PersonRow.position).execute(self._database))

    def put_organisations(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace organisations."""
        self._put(OrganisationRow, rows)

    def put_entries(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace entries."""
        self._put(EntryRow, rows)

    def put_people(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace people."""
        self._put(PersonRow, rows)

    def remove_people(self, ids: Iterable[str]) -> None:
        """Take people out of the next plan."""
        PersonRow.delete().where(PersonRow.id.in_(list(ids))).execute(self._database)

    def together(self) -> AbstractContextManager[object]:
        """Return a context in which everything is stored, or nothing."""
        transaction: AbstractContextManager[object] = self._database.atomic()
        return transaction

    def _put(self, model: type[pw.Model], rows: Iterable[Mapping[str, object]]) -> None:
        batch = [dict(row) for row in rows]
        for start in range(0, len(batch), 500):
            model.replace_many(batch[start : start + 500]).execute(self._database)
