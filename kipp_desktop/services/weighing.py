"""What a file would do here: every byte of it is checked, and nothing is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Ledger
from kipp_desktop.exchange.ledger_file import Held, LedgerFile, read_ledger
from kipp_desktop.services.branches import record_ids, shared
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.exchange.bundle import Bundle
    from kipp_desktop.services.panel import Panel

#: From this size on the ledgers of a file are read twice instead of kept in memory.
KEEP = 48 << 20


@dataclass
class Part:
    """One ledger of a file: ``relation`` is ``known``, ``continues`` or ``fork``.

    ``person`` is the id that its enrolment claims; ``kinds`` counts the new records by kind, the
    sheets that correct an earlier one as ``correction``; ``file`` is ``None`` where it was too
    large to keep.
    """

    ledger: Ledger
    relation: str
    author: str
    person: str
    head: str
    file: LedgerFile | None
    held: Held | None
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """How many records are new here."""
        return self.kinds.total()

    def read(self, panel: Panel) -> LedgerFile:
        """Return the checked ledger, read again where it was not kept."""
        return self.file or _read(panel, self.ledger, self.held)


@dataclass(frozen=True)
class Weighed:
    """The ledgers of a file, and the further branches that it carries."""

    parts: tuple[Part, ...]
    forks: tuple[Part, ...]

    @property
    def carried(self) -> dict[str, str]:
        """The heads of the ledgers, by key."""
        return {part.author: part.head for part in self.parts}

    @property
    def forked(self) -> tuple[Part, ...]:
        """The parts that do not fit what is held here."""
        return tuple(part for part in (*self.parts, *self.forks) if part.relation == "fork")


def weigh(panel: Panel, bundle: Bundle, name: str) -> Weighed:
    """Check a file whole and say how each ledger stands to what is held; stores nothing.

    Raises :class:`KippError` with code ``other-competition``, ``other-desk``, ``bad-file``,
    ``bad-ledger`` or ``missing-blob``.
    """
    if bundle.competition != panel.competition:
        raise KippError(
            "other-competition",
            Text("The file {file} belongs to another competition.", file=name),
            Text("Open that competition first, or ask for the right file."),
        )
    parts = []
    size = 0
    for ledger in bundle.ledgers():
        part = _weigh(panel, ledger)
        _check_plans(panel, bundle, part)
        size += len(ledger.data)
        if size > KEEP:
            part.file = None
        parts.append(part)
    forks = [_weigh(panel, ledger, fork=True) for ledger in bundle.forks()]
    return Weighed(tuple(parts), tuple(forks))


def differs(panel: Panel, part: Part) -> tuple[int, int, int]:
    """Return how many records a forked part shares with what is held, and how many each has."""
    held = panel.held(part.author)
    here = record_ids(held.data) if held else []
    there = record_ids(part.ledger.data)
    return shared(here, there), len(here), len(there)


def _weigh(panel: Panel, ledger: Ledger, *, fork: bool = False) -> Part:
    author = ledger.name
    if fork:
        file = read_ledger(ledger.data, ledger.signature, competition=panel.competition)
        if file.head != ledger.name:
            raise _false_name()
        author = file.author
    held = panel.held(author)
    file = _read(panel, Ledger(author, ledger.data, ledger.signature), held)
    first = file.records[0] if file.records and file.records[0].seq == 1 else None
    if first is not None and first.body["desk"] != panel.desk:
        raise KippError(
            "other-desk",
            Text("The file is from a laptop that joined another secretariat's desk."),
            Text("Let that laptop join again with this desk's package."),
        )
    row = panel.projection.ledger(author)
    person = str(first.body["person"]) if first is not None else row.person if row else ""
    relation = _relation(panel, file, held, fork=fork)
    part = Part(ledger, relation, author, person, file.head, file, held)
    if relation == "continues":
        part.kinds.update(
            "correction"
            if record.kind == "score-sheet" and record.body["supersedes"] is not None
            else record.kind
            for record in file.records
        )
    return part


def _relation(panel: Panel, file: LedgerFile, held: Held | None, *, fork: bool) -> str:
    if held is None:
        return "fork" if fork else "continues"
    if file.data == held.data or held.data.startswith(file.data):
        return "known"
    if file.data.startswith(held.data):
        return "fork" if fork else "continues"
    return "known" if panel.branches.holds(file.author, file.head) else "fork"


def _read(panel: Panel, ledger: Ledger, held: Held | None) -> LedgerFile:
    return read_ledger(
        ledger.data,
        ledger.signature,
        author=ledger.name,
        competition=panel.competition,
        held=held,
    )


def _check_plans(panel: Panel, bundle: Bundle, part: Part) -> None:
    """Refuse a file whose plans cannot be read: they are needed at once."""
    records = part.file.records if part.file else ()
    setups = {str(record.body["setup"]) for record in records if record.kind == "plan"}
    if any(not panel.blobs.has(name) for name in setups.difference(bundle.blobs())):
        raise KippError(
            "missing-blob",
            Text("The file has a plan without its setup."),
            Text("Ask the secretariat for the package again."),
        )


def _false_name() -> KippError:
    return KippError(
        "bad-file",
        Text("The file is refused: a part of it is not what its name says."),
        Text("Nothing of it was stored. Ask for it anew."),
    )
