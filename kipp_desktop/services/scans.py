"""Scans of paper sheets: kept at the desk beside the typed sheet, not signed, not handed on.

No record has a field for them, and what stands on a scan (handwriting, signatures) is personal; see
``docs/decisions/0012-scans-stay-at-the-desk.md``. Each is a file by its SHA-256; which sheet it
belongs to stands in the desk's workbench.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.files import cannot_read
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel

MOST_BYTES = 32 << 20
_DOCUMENT = "scans"
_ENDINGS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}


@dataclass(frozen=True)
class Scan:
    """A scan of a sheet: its SHA-256, the name and ending of its file, when it was attached."""

    sha256: str
    name: str
    ending: str
    at: str


def attach(home: Home, panel: Panel, marker: Marker, entry: str, path: Path) -> Changes:
    """Keep a PDF, JPEG or PNG as the scan of a paper sheet; durable on return.

    The same file twice is kept once. Raises :class:`KippError` ``bad-scan`` or ``cannot-read``.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise cannot_read(path, error) from error
    ending = next((kind for start, kind in _ENDINGS.items() if data.startswith(start)), None)
    if ending is None or len(data) > MOST_BYTES:
        raise KippError(
            "bad-scan",
            Text("The file {file} is no PDF, JPEG or PNG.", file=path.name)
            if ending is None
            else Text(
                "The file {file} is larger than {limit} MB.",
                file=path.name,
                limit=MOST_BYTES >> 20,
            ),
            Text("Scan the sheet again as PDF or JPEG; 200 to 300 dots per inch are enough."),
        )
    sha256 = panel.scans.put(data)
    if all(scan.sha256 != sha256 for scan in scans_of(panel, marker, entry)):
        kept = _kept(panel)
        item = {
            "at": home.context.at(),
            "ending": ending,
            "name": path.name,
            "sha256": sha256,
        }
        kept.setdefault(_key(marker, entry), []).append(item)
        everything: dict[str, Json] = {
            key: [{**scan} for scan in items] for key, items in kept.items()
        }
        panel.workbench.set_document(_DOCUMENT, everything)
    return Changes.of("drafts", persons=[marker.judge])


def scans_of(panel: Panel, marker: Marker, entry: str) -> tuple[Scan, ...]:
    """Return the scans of a judge's sheet, in the order in which they were attached."""
    return tuple(
        Scan(item["sha256"], item["name"], item["ending"], item["at"])
        for item in _kept(panel).get(_key(marker, entry), [])
    )


def scanned(panel: Panel, marker: Marker) -> dict[str, int]:
    """Return how many scans each of a judge's sheets has, by entry that has one."""
    start = _key(marker, "")
    return {
        key.removeprefix(start): len(items)
        for key, items in _kept(panel).items()
        if key.startswith(start)
    }


def content_of(panel: Panel, scan: Scan) -> bytes:
    """Return a scan's bytes; :class:`KippError` ``missing-scan`` where they are gone or changed."""
    data = panel.scans.get(scan.sha256)
    if data is None:
        raise KippError(
            "missing-scan",
            Text("The scan {file} is missing on this laptop, or was changed.", file=scan.name),
            Text("Attach it again; the typed marks are not touched by this."),
        )
    return data


def _key(marker: Marker, entry: str) -> str:
    return f"{marker.stage}/{marker.judge}/{entry}"


def _kept(panel: Panel) -> dict[str, list[dict[str, str]]]:
    return panel.workbench.document(_DOCUMENT) or {}
