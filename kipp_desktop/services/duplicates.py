"""Entries that are perhaps one: side by side, kept both, merged into one, or one dropped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.likeness import alike
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.tables import number_key
from kipp_desktop.services.entries import EntryLine, entry_lines
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

_KEPT = "kept-pairs"

#: Why two entries are shown side by side.
REASON_TEXTS = {
    "same": Text("the titles are the same but for case, spaces and punctuation"),
    "expansion": Text("one is the other's short name, with or without what it stands for"),
    "letters": Text("the titles differ by one or two letters"),
}

#: What of an entry can be taken from either when two are merged.
MERGED = ("number", "title", "organisation", "unit", "group", "category", "summary", "contact",
          "phone")  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two entries that are perhaps one; ``reason`` is a key of :data:`REASON_TEXTS`.

    ``marked`` are the ids of those of which marks are here: such an entry cannot go.
    """

    first: EntryLine
    second: EntryLine
    reason: str
    marked: frozenset[str]


def pairs(panel: Panel) -> list[Pair]:
    """Return the entries of the next plan that are perhaps one, but for those kept as two."""
    lines = entry_lines(panel)
    kept = {tuple(pair) for pair in panel.workbench.document(_KEPT) or []}
    found = []
    marked = marked_entries(panel)
    for item in alike([line.title for line in lines]):
        first, second = lines[item.first], lines[item.second]
        if tuple(sorted((first.id, second.id))) not in kept:
            found.append(Pair(first, second, item.reason, marked & {first.id, second.id}))
    return found


def marked_entries(panel: Panel) -> frozenset[str]:
    """Return the entries with a signed sheet or a draft, and those that the desk's records name."""
    state = panel.state
    named = {entry for _, entry, _ in state.panel_marks} | set(state.statuses)
    for record in state.decisions:
        body: dict[str, Any] = record.body
        named.update(body["entries"])
    return panel.projection.marked_entries() | panel.drafts.entries() | named


def keep_both(panel: Panel, first: str, second: str) -> Changes:
    """Remember that two entries (by number) are two."""
    pair: list[Json] = [*sorted((_line(panel, first).id, _line(panel, second).id))]
    kept = panel.workbench.document(_KEPT) or []
    if pair not in kept:
        panel.workbench.set_document(_KEPT, [*kept, pair])
    return Changes.of("entries", entries=map(str, pair))


def drop(home: Home, panel: Panel, number: str) -> Changes:
    """Take an entry out of the next plan.

    Raises :class:`KippError` with code ``marks-there`` where marks of it are here.
    """
    home.card(panel.competition, "desk")
    line = _line(panel, number)
    if line.id in marked_entries(panel):
        raise KippError(
            "marks-there",
            Text("Entry {number} has marks already; they would be lost.", number=line.number),
            Text("Keep this one and drop the other, or record its status (kipp entry-status)."),
        )
    panel.workbench.remove_entries([line.id])
    return Changes.of("entries", entries=[line.id])


def merge_entries(
    home: Home, panel: Panel, keep: str, other: str, taken: Mapping[str, str] | None = None
) -> Changes:
    """Make one entry of two (by number): ``keep`` stays, with what is ``taken`` from the other.

    ``taken`` maps fields of :data:`MERGED` to ``other`` (its value) or ``keep``; by default only
    what is empty is filled. Further columns and files of both stay. Raises :class:`KippError` with
    code ``marks-there`` where the other has marks.
    """
    home.card(panel.competition, "desk")
    stays, goes = _line(panel, keep), _line(panel, other)
    if stays.id == goes.id:
        raise KippError(
            "same-entry",
            Text("An entry cannot be merged with itself."),
            Text("Name two different numbers."),
        )
    wanted = dict(taken or {})
    unknown = [field for field in wanted if field not in MERGED]
    if unknown:
        raise KippError(
            "unknown-field",
            Text("No such column is known: {field}.", field=unknown[0]),
            Text("These can be taken from the other: {fields}.", fields=", ".join(MERGED)),
        )
    stored = {entry.id: entry for entry in panel.workbench.stored_entries()}
    kept, gone = stored[stays.id], stored[goes.id]
    from_other = {
        field: getattr(gone, field)
        for field in MERGED
        if wanted.get(field) == "other" or (field not in wanted and not getattr(kept, field))
    }
    extra = dict(json.loads(gone.fields))
    extra |= {name: value for name, value in json.loads(kept.fields) if value}
    fields = json.dumps([list(item) for item in extra.items()], ensure_ascii=False)
    files = [
        {**row.__data__, "entry": stays.id}
        for row in panel.workbench.attachments()
        if row.entry == goes.id
    ]
    with panel.workbench.together():
        drop(home, panel, goes.number)
        panel.workbench.put_entries([kept._replace(fields=fields, **from_other)])
        panel.workbench.put_attachments(files)
    return Changes.of("entries", entries=[stays.id, goes.id])


def _line(panel: Panel, number: str) -> EntryLine:
    wanted = number_key(normalise(number))
    for line in entry_lines(panel):
        if number_key(line.number) == wanted:
            return line
    raise KippError(
        "no-entry",
        Text("There is no entry with number {number} in the list.", number=number),
        Text("Look the number up in the list of entries (kipp entries list)."),
    )
