"""Files of entries: PDF and pictures as blobs that travel with the package, and links.

A file is cited by its SHA-256 in the people blob of the plan, so that the panel has it and the
public file does not. Links stand in the further columns of an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import name_key
from kipp_desktop.domain.setup import Attachment
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.tables import number_key
from kipp_desktop.files import cannot_read
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.storage.models import EntryRow

LARGEST = 32 << 20  # bytes of one file
MOST = 20  # files of one entry

_BEGINNINGS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))
_COLUMNS = frozenset(
    map(name_key, "lampiran berkas file attachment attachments berkas-lampiran nama-berkas".split())
)
#: A link in a column or a summary.
LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class EntryFiles:
    """What belongs to an entry of the next plan: its files, and the links in its columns."""

    files: tuple[Attachment, ...]
    links: tuple[str, ...]


def files_by_entry(panel: Panel) -> dict[str, tuple[Attachment, ...]]:
    """Return the files of every entry of the next plan, by the entry's id."""
    found: dict[str, tuple[Attachment, ...]] = {}
    for item in panel.workbench.attachments():
        file = Attachment(item.name, item.sha256, item.size, item.type)
        found[item.entry] = (*found.get(item.entry, ()), file)
    return found


def files_of(panel: Panel, number: str) -> EntryFiles:
    """Return the files and links of an entry; :class:`KippError` ``no-entry``."""
    row = _row(panel, number)
    files = tuple(
        Attachment(item.name, item.sha256, item.size, item.type)
        for item in panel.workbench.attachments()
        if item.entry == row.id
    )
    return EntryFiles(files, tuple(dict.fromkeys(LINK.findall(f"{row.fields} {row.summary}"))))


def attach(home: Home, panel: Panel, number: str, path: Path) -> Changes:
    """Keep a file with an entry; the same content again changes its name only.

    Raises :class:`KippError` with code ``cannot-read``, ``bad-attachment`` (neither PDF nor PNG nor
    JPEG, too large, too many) or ``no-entry``.
    """
    home.card(panel.competition, "desk")
    row = _row(panel, number)
    held = [item.sha256 for item in panel.workbench.attachments() if item.entry == row.id]
    found = _stored(panel, row.id, path)
    if found["sha256"] not in held and len(held) >= MOST:
        raise _bad(Text("Entry {number} has {count} files already.", number=number, count=MOST))
    panel.workbench.put_attachments([found])
    return Changes.of("entries", entries=[row.id])


def detach(home: Home, panel: Panel, number: str, sha256: str) -> Changes:
    """Take a file (by the beginning of its SHA-256) from an entry; a signed plan keeps it."""
    home.card(panel.competition, "desk")
    row = _row(panel, number)
    for item in panel.workbench.attachments():
        if item.entry == row.id and sha256 and item.sha256.startswith(sha256):
            panel.workbench.remove_attachment(row.id, item.sha256)
    return Changes.of("entries", entries=[row.id])


def content(panel: Panel, attachment: Attachment) -> bytes:
    """Return a file's bytes; :class:`KippError` ``missing-blob`` where they are not held whole."""
    data = panel.blobs.get(attachment.sha256)
    if data is None:
        raise KippError(
            "missing-blob",
            Text("The file {name} is not on this laptop, or it was changed.", name=attachment.name),
            Text("Open the secretariat's package (paket.kipp) again."),
        )
    return data


def attach_named(
    panel: Panel, folder: Path, named: Iterable[tuple[int, str, str]], *, dry_run: bool
) -> list[Text]:
    """Keep the files that a table names beside itself; ``named`` is (row, entry id, cell).

    Returns a warning for each that is not there or cannot be used.
    """
    warnings = []
    for row, entry, cell in named:
        for name in file_names(cell):
            path = folder / name
            try:
                if not path.resolve().is_relative_to(folder.resolve()):
                    raise _bad(Text("{file} does not stand beside the table.", file=name))
                stored = _stored(panel, entry, path, keep=not dry_run)
                if not dry_run:
                    panel.workbench.put_attachments([stored])
            except KippError as error:
                warnings.append(Text("Row {row}: {problem}", row=row, problem=error.what))
    return warnings


def is_file_column(heading: str) -> bool:
    """Return whether the cells below a heading may name files."""
    return name_key(heading) in _COLUMNS


def file_names(cell: str) -> Sequence[str]:
    """Return the file names in a cell, with ``;`` or line ends between; links are none."""
    parts = (part.strip() for part in re.split(r"[;\n]", cell))
    return [part for part in parts if "." in part and not LINK.match(part)]


def _stored(panel: Panel, entry: str, path: Path, *, keep: bool = True) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise cannot_read(path, error if isinstance(error, OSError) else OSError()) from error
    kind = next((kind for start, kind in _BEGINNINGS if data.startswith(start)), None)
    if kind is None:
        raise _bad(Text("{file} is neither PDF nor PNG nor JPEG.", file=path.name))
    if len(data) > LARGEST:
        raise _bad(Text("{file} is larger than {limit} MiB.", file=path.name, limit=LARGEST >> 20))
    return {
        "entry": entry,
        "sha256": panel.blobs.put(data) if keep else "",
        "name": normalise(path.name)[:200],
        "type": kind,
        "size": len(data),
    }


def _row(panel: Panel, number: str) -> EntryRow:
    for row in panel.workbench.entries():
        if number_key(row.number) == number_key(number):
            return row
    raise KippError(
        "no-entry",
        Text("There is no entry with number {number} in the list.", number=number),
        Text("Look the number up in the list of entries (kipp entries list)."),
    )


def _bad(what: Text) -> KippError:
    return KippError(
        "bad-attachment", what, Text("Choose a PDF or a picture, or leave the file out.")
    )
