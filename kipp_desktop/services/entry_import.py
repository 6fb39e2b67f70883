"""One table of entries on its way into the next plan."""

from __future__ import annotations

import json
from functools import cache
from json.encoder import encode_basestring as _quoted
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.competition import Group, name_key
from kipp_desktop.exchange.tables import TableRow, column_name, number_key
from kipp_desktop.services.attachments import is_file_column
from kipp_desktop.services.import_report import Problem, RowChange
from kipp_desktop.storage.workbench import StoredEntry
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kipp_desktop.services.context import Context
    from kipp_desktop.services.import_report import ImportReport
    from kipp_desktop.storage.workbench import Workbench

#: Longest title and number, and all that an entry may say: its line must fit into a signed blob.
MAX_TITLE = 500
MAX_NUMBER = 40
MAX_ENTRY = 200_000

#: What is named of an entry that changes, beside its further columns.
_NAMED = (
    "number", "title", "organisation", "group", "unit", "category", "summary", "contact", "phone",
)  # fmt: skip


class EntryImport:
    """Takes row by row; ``changed`` and ``new_organisations`` are then to be stored.

    ``files`` are (row, entry, cell) of cells that name files.

    ``fields`` are the columns that the table has, ``extra`` the headings of those without a field.
    """

    def __init__(
        self,
        context: Context,
        bench: Workbench,
        report: ImportReport,
        fields: frozenset[str],
        extra: tuple[str, ...],
    ) -> None:
        self._context = context
        self._report = report
        self._fields = fields
        self._extra = frozenset(extra)
        groups = [Group(g["id"], g["name"]) for g in bench.document("groups")]
        self._first_group = groups[0].id
        self._group_names = {group.id: group.name for group in groups}
        self._groups = {
            name_key(name): group.id
            for group in reversed(groups)
            for name in (group.id, group.name)
        }
        stored = bench.stored_entries()
        self._position = max((entry.position for entry in stored), default=-1) + 1
        self._next = 1
        self._by_number = {number_key(entry.number): entry for entry in stored}
        self._by_title = {
            (name_key(entry.title), entry.organisation, name_key(entry.unit)): entry
            for entry in stored
        }
        rows = bench.organisations()
        self._names = {row.id: row.name for row in rows}
        self._organisations = {
            name_key(name): str(row.id)
            for row in rows
            for name in (row.name, row.abbreviation)
            if name
        }
        self._organisations |= bench.aliases()
        self._seen: dict[str, int] = {}
        self._key = cache(name_key)
        self._file_columns = {name for name in extra if is_file_column(name)}
        self.files: list[tuple[int, str, str]] = []
        self.changed: dict[str, StoredEntry] = {}
        self.new_organisations: list[dict[str, object]] = []

    def claim(self, rows: Sequence[TableRow]) -> None:
        """Leave entries whose numbers this table names to the rows that name them.

        Two rows of one table with the same title are two entries; only a stored entry whose number
        is gone from the table may be found again by its title.
        """
        claimed = {number_key(row.values.get("number", "")) for row in rows} - {""}
        self._by_title = {
            key: entry
            for key, entry in self._by_title.items()
            if number_key(entry.number) not in claimed
        }

    def take(self, row: TableRow) -> None:
        """Take one row, or say why not."""
        text = "".join([*row.values.values(), *[value for _, value in row.extra]])
        if not text.isascii():
            row = _clean(row)
        values = row.values
        title, number = values["title"], values.get("number", "")
        group = self._group(values.get("group", ""))
        key = number_key(number) if number else ""
        found = self._problems(row, text, key, group)
        if group is None or found:
            self._report.problems += found
            return
        organisation = self._organisation(values.get("organisation", ""))
        known = self._by_number.get(key) if key else None
        if known is None and self._by_title:
            unit = self._key(values.get("unit", ""))
            known = self._by_title.pop((self._key(title), organisation, unit), None)
        if not number:
            number = known.number if known else self._next_number()
            key = number_key(number)
        self._seen[key] = row.row
        if known is None:
            entry = self._new(row, number, organisation, group)
        else:
            entry = self._with_row(known, row, number, organisation, group)
            self._by_number.pop(number_key(known.number), None)
        self._by_number[key] = entry
        self._name_files(row, entry)
        if known is None:
            self._position += 1
            self._report.added += 1
            self._report.additions.append(RowChange(row.row, number, title, ()))
        elif entry == known:
            self._report.skipped += 1
            return
        else:
            self._report.updated += 1
            self._report.updates.append(
                RowChange(row.row, number, title, tuple(self._differences(known, entry)))
            )
        self.changed[entry.id] = entry

    def _name_files(self, row: TableRow, entry: StoredEntry) -> None:
        """Note the cells of a row that name files beside the table."""
        if self._file_columns:
            self.files += [
                (row.row, entry.id, value)
                for heading, value in row.extra
                if heading in self._file_columns
            ]

    def _new(self, row: TableRow, number: str, organisation: str | None, group: str) -> StoredEntry:
        """Return a new entry."""
        said = row.values.get
        return StoredEntry(
            self._context.new_id("e"),
            self._position,
            number,
            said("title", ""),
            organisation,
            said("unit", ""),
            group,
            said("category", ""),
            said("summary", ""),
            _as_json(row.extra),
            said("contact", ""),
            said("phone", ""),
        )

    def _with_row(
        self,
        known: StoredEntry,
        row: TableRow,
        number: str,
        organisation: str | None,
        group: str,
    ) -> StoredEntry:
        """Return a stored entry with what this row says; columns that are not there stay."""
        said, there = row.values.get, self._fields
        kept = {name: value for name, value in json.loads(known.fields) if name not in self._extra}
        return known._replace(
            number=number,
            title=said("title", ""),
            organisation=organisation if "organisation" in there else known.organisation,
            unit=said("unit", known.unit),
            group=group if "group" in there else known.group,
            category=said("category", known.category),
            summary=said("summary", known.summary),
            fields=_as_json((kept | dict(row.extra)).items()),
            contact=said("contact", known.contact),
            phone=said("phone", known.phone),
        )

    def _problems(self, row: TableRow, text: str, key: str, group: str | None) -> list[Problem]:
        """Return what is wrong with a row; ``text`` is all that stands in it."""
        title, number = row.values["title"], row.values.get("number", "")
        found: list[tuple[str, Text]] = []
        if not title:
            found.append(("title", Text("The title is missing.")))
        elif len(title) > MAX_TITLE:
            found.append(
                ("title", Text("The title is longer than {limit} characters.", limit=MAX_TITLE))
            )
        if group is None:
            name = row.values["group"]
            found.append(("group", Text("There is no group “{group}”.", group=name)))
        if len(number) > MAX_NUMBER:
            found.append(
                ("number", Text("The number is longer than {limit} characters.", limit=MAX_NUMBER))
            )
        elif key and key in self._seen:
            found.append(
                (
                    "number",
                    Text(
                        "Number {number} stands in row {row} already.",
                        number=number,
                        row=self._seen[key],
                    ),
                )
            )
        # What the list's own program computes must not be signed as text.
        if "=" in text:
            formula = Text("The cell holds a formula; write what it shows instead.")
            cells = (*row.values.items(), *row.extra)
            found += [(name, formula) for name, value in cells if value[:1] == "="]
        if len(text) > MAX_ENTRY:
            found.append(
                (
                    "summary",
                    Text(
                        "This row holds more than {limit} characters; shorten it.", limit=MAX_ENTRY
                    ),
                )
            )
        return [Problem(row.row, column_name("entries", name), text) for name, text in found]

    def _differences(self, known: StoredEntry, entry: StoredEntry) -> list[tuple[str, str, str]]:
        """Return (column, old, new) as people read them."""
        found = []
        for field in _NAMED:
            old, new = getattr(known, field), getattr(entry, field)
            if old != new:
                column = column_name("entries", field)
                found.append((column, self._shown(field, old), self._shown(field, new)))
        before: dict[str, str] = dict(json.loads(known.fields))
        after: dict[str, str] = dict(json.loads(entry.fields))
        names = {**before, **after}
        extra = [(name, before.get(name, ""), after.get(name, "")) for name in names]
        return found + [item for item in extra if item[1] != item[2]]

    def _shown(self, field: str, value: object) -> str:
        if field == "organisation":
            return self._names.get(str(value), "")
        if field == "group":
            return self._group_names.get(str(value), str(value))
        return str(value)

    def warn(self) -> None:
        """Name the organisations that this table brings, and titles that are the same."""
        if self.new_organisations:
            names = ", ".join(str(row["name"]) for row in self.new_organisations)
            self._report.warnings.append(
                Text("New organisations were added: {names}.", names=names)
            )
        self._warn_of_likeness()

    def _warn_of_likeness(self) -> None:
        """Name titles that are the same but for case, spaces and punctuation."""
        seen: dict[str, StoredEntry] = {}
        for entry in self._by_number.values():
            other = seen.setdefault(self._key(entry.title), entry)
            if other is not entry and entry.id in self.changed:
                self._report.warnings.append(
                    Text(
                        "Entries {first} and {second} have the same title: {title}.",
                        first=other.number,
                        second=entry.number,
                        title=entry.title,
                    )
                )

    def _group(self, name: str) -> str | None:
        return self._groups.get(self._key(name)) if name else self._first_group

    def _organisation(self, name: str) -> str | None:
        if not name:
            return None
        key = self._key(name)
        if key not in self._organisations:
            identity = self._context.new_id("o")
            self._organisations[key] = identity
            self._names[identity] = name
            self.new_organisations.append(organisation_row(identity, len(self._names), name))
        return self._organisations[key]

    def _next_number(self) -> str:
        while number_key(str(self._next)) in self._by_number:
            self._next += 1
        return str(self._next)


def _as_json(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs of texts as JSON; ten times as fast as the encoder that asks what each is."""
    return f"[{', '.join([f'[{_quoted(name)}, {_quoted(value)}]' for name, value in pairs])}]"


def _clean(row: TableRow) -> TableRow:
    """Return a row's cells as they may be signed; the reader has trimmed them already."""
    return TableRow(
        row.row,
        {field: normalise(value) for field, value in row.values.items()},
        tuple([(heading, normalise(value)) for heading, value in row.extra]),
    )


def organisation_row(identity: str, position: int, name: str) -> dict[str, object]:
    """Return the row of an organisation of which only the name is known."""
    return {
        "id": identity,
        "position": position,
        "name": name,
        "kind": "",
        "parent": None,
        "must_enter": False,
        "abbreviation": "",
    }
