"""The desk's workbench: what the next plan will say, and what never leaves this laptop."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from kipp_desktop.domain.canonical import Json
from kipp_desktop.storage.database import explained
from kipp_desktop.storage.models import (
    AliasRow,
    AttachmentRow,
    Document,
    EntryRow,
    OrganisationRow,
    PersonRow,
    VerdictRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import peewee as pw


class StoredEntry(NamedTuple):
    """What is kept of an entry; :class:`EntryRow` as a value, for thousands at once.

    ``fields`` is JSON, ``[[heading, text]]`` of the columns that have no place of their own.
    """

    id: str
    position: int
    number: str
    title: str
    organisation: str | None
    unit: str
    group: str
    category: str
    summary: str
    fields: str
    contact: str
    phone: str


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

    def stored_entries(self) -> list[StoredEntry]:
        """Return the entries as values, in the order of their import."""
        columns = [getattr(EntryRow, name) for name in StoredEntry._fields]
        query = EntryRow.select(*columns).order_by(EntryRow.position).tuples()
        return list(map(StoredEntry._make, query.execute(self._database)))

    def entry_numbers(self) -> list[tuple[str, str]]:
        """Return id and number of the entries, without building their rows."""
        query = EntryRow.select(EntryRow.id, EntryRow.number)
        return list(query.tuples().execute(self._database))

    def people(self) -> list[PersonRow]:
        """Return the people in the order of their import."""
        return list(PersonRow.select().order_by(PersonRow.position).execute(self._database))

    def put_organisations(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace organisations."""
        self._put(OrganisationRow, rows)

    def put_entries(self, entries: Iterable[StoredEntry]) -> None:
        """Add or replace entries."""
        # The driver takes a plain tuple as it is, and asks any other sequence for each value.
        self._write(EntryRow, StoredEntry._fields, map(tuple, entries))

    def put_people(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace people."""
        self._put(PersonRow, rows)

    def remove_people(self, ids: Iterable[str]) -> None:
        """Take people out of the next plan."""
        PersonRow.delete().where(PersonRow.id.in_(list(ids))).execute(self._database)

    def remove_entries(self, ids: Iterable[str]) -> None:
        """Take entries out of the next plan, with what was noted of them."""
        values = [(entry,) for entry in ids]
        with explained(), self._database.atomic():
            for table, column in (("entry", "id"), ("verdict", "entry"), ("attachment", "entry")):
                statement = f'DELETE FROM "{table}" WHERE "{column}" = ?'  # noqa: S608 - ours
                self._database.connection().executemany(statement, values)

    def remove_organisations(self, ids: Iterable[str]) -> None:
        """Take organisations out of the next plan."""
        for organisation in ids:
            query = OrganisationRow.delete().where(OrganisationRow.id == organisation)
            query.execute(self._database)
            AliasRow.delete().where(AliasRow.organisation == organisation).execute(self._database)

    def aliases(self) -> dict[str, str]:
        """Return the organisation that each other spelling means, by the spelling's key."""
        return {row.key: row.organisation for row in AliasRow.select().execute(self._database)}

    def alias_rows(self) -> list[AliasRow]:
        """Return the other spellings of organisations."""
        return list(AliasRow.select().order_by(AliasRow.key).execute(self._database))

    def put_aliases(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace other spellings of organisations."""
        self._put(AliasRow, rows)

    def verdicts(self) -> dict[str, dict[str, tuple[bool, str]]]:
        """Return (passed, reason) by entry and item of the checklist."""
        found: dict[str, dict[str, tuple[bool, str]]] = {}
        for row in VerdictRow.select().execute(self._database):
            found.setdefault(row.entry, {})[row.item] = (bool(row.passed), row.reason)
        return found

    def put_verdicts(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace verdicts."""
        self._put(VerdictRow, rows)

    def remove_verdict(self, entry: str, item: str) -> None:
        """Leave an item of an entry open again."""
        query = VerdictRow.delete().where((VerdictRow.entry == entry) & (VerdictRow.item == item))
        query.execute(self._database)

    def attachments(self) -> list[AttachmentRow]:
        """Return the files of all entries, by entry and name."""
        query = AttachmentRow.select().order_by(
            AttachmentRow.entry, AttachmentRow.name, AttachmentRow.sha256
        )
        return list(query.execute(self._database))

    def put_attachments(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add or replace files of entries."""
        self._put(AttachmentRow, rows)

    def remove_attachment(self, entry: str, sha256: str) -> None:
        """Take a file from an entry."""
        query = AttachmentRow.delete().where(
            (AttachmentRow.entry == entry) & (AttachmentRow.sha256 == sha256)
        )
        query.execute(self._database)

    def together(self) -> AbstractContextManager[object]:
        """Return a context in which everything is stored, or nothing."""
        transaction: AbstractContextManager[object] = self._database.atomic()
        return transaction

    def _put(self, model: type[pw.Model], rows: Iterable[Mapping[str, object]]) -> None:
        names = [field.name for field in model._meta.sorted_fields]  # noqa: SLF001 - as below
        self._write(model, names, map(itemgetter(*names), rows))

    def _write(
        self, model: type[pw.Model], names: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        # Peewee builds a statement for each value; a prepared one takes a tenth of that time.
        meta = model._meta  # noqa: SLF001 - peewee's own name for its public part
        columns = ", ".join(f'"{meta.fields[name].column_name}"' for name in names)
        places = ", ".join("?" for _ in names)
        into = f'"{meta.table_name}" ({columns})'
        statement = f"INSERT OR REPLACE INTO {into} VALUES ({places})"  # noqa: S608 - all ours
        with explained(), self._database.atomic():
            self._database.connection().executemany(statement, rows)
