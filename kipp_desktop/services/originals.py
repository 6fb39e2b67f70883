"""Original photos and documents on request: what an observation signs by its hash, as it came.

They never travel by themselves. Whoever asks gets a folder, and checks it with ``sha256sum``
against the signed observation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.visit import visit_of
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.photo_child import format_of
from kipp_desktop.files import cannot_read, write_whole
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.context import Context
    from kipp_desktop.services.panel import Panel

SUMS: Final = "SHA256SUMS"
_SUFFIXES: Final = {"JPEG": ".jpg", "PNG": ".png", "PDF": ".pdf"}


def give_originals(
    context: Context, panel: Panel, card: Card, entry: str, out: Path
) -> tuple[Path, ...]:
    """Write the originals of this verifier's observation of an entry that stands, and their hashes.

    The files are called by number, claim and place, ``07-k1-2.jpg``. Raises :class:`KippError`
    ``no-observation``, ``no-original`` (which are not here), ``cancelled`` or ``cannot-write``.
    """
    wanted = list(_signed(panel, card, entry))
    missing = [name for name, sha256 in wanted if panel.originals.get(sha256) is None]
    if missing:
        raise KippError(
            "no-original",
            Text("These originals are not on this laptop: {names}.", names=tuple(missing)),
            Text("Bring the further files of its backup back, or look on the card."),
        )
    files, sums = [], []
    for number, (name, sha256) in enumerate(wanted):
        context.step(number / len(wanted), Text("Writing {file}", file=name))
        source = panel.originals.path(sha256)
        try:
            data = source.read_bytes()
        except OSError as error:
            raise cannot_read(source, error) from error
        path = out / f"{name}{_SUFFIXES.get(format_of(data[:32]), '')}"
        write_whole(path, data)
        files.append(path)
        sums.append(f"{sha256}  {path.name}\n")
    write_whole(out / SUMS, "".join(sums).encode())
    return (*files, out / SUMS)


def _signed(panel: Panel, card: Card, entry: str) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of what the last observation of an entry signs."""
    own = [
        record
        for record in panel.records(card.fingerprint, "observation")
        if record.body["entry"] == entry
    ]
    if not own:
        raise KippError(
            "no-observation",
            Text("That observation is not here."),
            Text("Originals are given by the verifier who made the visit, on that laptop."),
        )
    number = panel.setup.entry_by_id[entry].number
    for finding in visit_of(own[-1].body).findings:
        for place, item in enumerate(finding.evidence, start=1):
            if item.original is not None:
                yield f"{number}-{finding.id}-{place}", item.original
