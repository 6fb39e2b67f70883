"""Photos on a stick: a member's file, or numbered ones, each whole in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Blob, Bundle, Ledger, write_bundle
from kipp_desktop.services.agenda_times import carried_times
from kipp_desktop.services.observations import PART, copies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.panel import Panel

#: Bytes of photos in one file: with its directory it stays below the 4 GiB of a FAT32 stick, and
#: a stick that is pulled out costs half of that.
PART_SIZE = 2 << 30


def cited(panel: Panel, card: Card) -> list[str]:
    """Return the blobs that a member's observations cite and that are held here.

    Of every observation, also of one that was corrected: a ledger is read whole.
    """
    names: dict[str, None] = {}
    for record in panel.records(card.fingerprint, "observation"):
        names.update(dict.fromkeys(copies_of(record)))
    return sorted(name for name in names if panel.blobs.has(name))


def _unwatched(_share: float) -> None:
    """Nobody watches."""


def carry(  # noqa: PLR0917 - what is carried, and where to
    panel: Panel,
    card: Card,
    out: Path,
    purpose: str,
    tell: Callable[[float], None] = _unwatched,
    part_size: int = PART_SIZE,
) -> list[Path]:
    """Write a member's ledger, the desk's and the photos; return the files in their order.

    A moderator's times go with them.

    One file where the photos fit into it, called ``out``; otherwise numbered ones beside it
    (``…-1-dari-3.kipp``), each with the ledgers. A numbered file that is there and holds just what
    it should is left as it is: writing again goes on where it was stopped. ``tell`` is told each
    further share of the work and may raise. Raises :class:`KippError` ``cannot-write`` or
    ``damaged-blob``; no file is half there.
    """
    ledgers = []
    for author in (card.fingerprint, panel.desk):
        held = panel.ledgers.read(author)
        if held is not None:
            ledgers.append(Ledger(author, *held))
    carried = sorted({*cited(panel, card), *carried_times(panel, card)})
    parts = list(_parts(panel, carried, part_size))
    total = max(1, 2 * sum(size for size, _ in parts))
    files = []
    for number, (size, names) in enumerate(parts, start=1):
        path = part_path(out, number, len(parts))
        files.append(path)
        if len(parts) > 1 and _is_written(path, panel, ledgers, names):
            tell(2 * size / total)
            continue
        write_bundle(
            path,
            competition=panel.competition,
            purpose=purpose,
            ledgers=ledgers,
            blobs=[Blob(name, panel.blobs.path(name)) for name in names],
            step=lambda count: tell(count / total),
            hashed=False,
        )
    return files


def part_path(out: Path, number: int, count: int) -> Path:
    """Return how a numbered file is called; the only one keeps its name."""
    if count == 1:
        return out
    found = PART.match(out.name)
    stem = found["stem"] if found else out.stem
    return out.with_name(f"{stem}-{number}-dari-{count}{out.suffix}")


def _parts(
    panel: Panel, names: Sequence[str], part_size: int
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the blobs of each file and their bytes; the order is fixed, and so are the parts."""
    size = 0
    part: list[str] = []
    for name in names:
        more = panel.blobs.path(name).stat().st_size
        if part and size + more > part_size:
            yield size, part
            size, part = 0, []
        size += more
        part.append(name)
    yield size, part


def _is_written(path: Path, panel: Panel, ledgers: Sequence[Ledger], names: Sequence[str]) -> bool:
    if not path.exists():
        return False
    try:
        with Bundle.open(path) as bundle:
            return (
                bundle.competition == panel.competition
                and bundle.blobs() == list(names)
                and list(bundle.ledgers()) == sorted(ledgers, key=lambda item: item.name)
            )
    except KippError:
        return False
