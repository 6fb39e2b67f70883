"""Files in: what is whole is stored, the rest is refused; any order, any number of times."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle, Ledger
from kipp_desktop.exchange.ledger_file import Held, LedgerFile, read_ledger
from kipp_desktop.files import cannot_read
from kipp_desktop.services.context import collector_at_rest
from kipp_desktop.services.desk import desk_identity, heads
from kipp_desktop.services.setup import write_package
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

#: From this size on the ledgers of a file are read twice instead of kept in memory.
KEEP = 48 << 20


@dataclass(frozen=True)
class Outcome:
    """What came of a file.

    ``outcome`` is ``merged``, ``nothing-new``, ``waiting-for-key``, ``forked`` or ``refused``;
    ``records`` says how many are new here, ``kinds`` of which kinds.
    """

    file: Path
    outcome: str
    records: int = 0
    reason: KippError | None = None
    keys: tuple[str, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Merged:
    """What came of several files."""

    outcomes: tuple[Outcome, ...]
    changes: Changes = field(default_factory=Changes)

    @property
    def refused(self) -> bool:
        """Whether any file was refused."""
        return any(item.outcome == "refused" for item in self.outcomes)


def merge(home: Home, panel: Panel, files: Sequence[Path], receipt: Path | None = None) -> Merged:
    """Merge files at the desk, sign a receipt where something was stored, and write it if asked.

    A file that cannot be used is refused with its reason; the others are taken all the same.
    """
    context = home.context
    if receipt is not None:
        home.card(panel.competition, "desk")
    outcomes = []
    for number, path in enumerate(files):
        if context.cancelled():
            break  # the files before this one are taken and receipted
        context.progress(number / len(files), Text("Reading {file}", file=path.name))
        with collector_at_rest():
            outcomes.append(_merge_one(home, panel, path))
    stored = any(item.records for item in outcomes)
    # A member's laptop takes the desk's files too, and receipts nothing.
    # A desk whose own ledger forked signs nothing more.
    is_desk = any(card.role == "desk" for card in home.identities(panel.competition))
    if stored and is_desk and panel.desk_forked is None:
        current = heads(panel)
        if {key: str(head) for key, head in current.items()} != panel.state.receipts:
            items: list[tuple[str, dict[str, Json]]] = [("receipt", {"heads": current})]
            panel.sign(desk_identity(home, panel), context.at(), items)
    if receipt is not None:
        write_package(panel, receipt, "receipt")
    context.progress(1.0, Text("Done"))
    return Merged(tuple(outcomes), Changes.of("ledgers", "people") if stored else Changes())


def _merge_one(home: Home, panel: Panel, path: Path) -> Outcome:
    at = home.context.at()
    name = path.name.encode("utf-8", "replace").decode()  # a stick's name may be no text
    sha256 = ""
    try:
        sha256 = _sha256(path)
        carried = panel.received.heads(sha256)
        if carried is not None and all(
            panel.projection.seq_of(key, head) for key, head in carried.items()
        ):
            outcome = _judged(panel, path, 0, tuple(carried), (), forked=False)
        else:
            outcome, carried = take_bundle(panel, path)
    except KippError as error:
        panel.received.add(sha256, name, at, "refused", 0, error.code, {})
        return Outcome(path, "refused", reason=error)
    panel.received.add(sha256, name, at, outcome.outcome, outcome.records, "", carried or {})
    return outcome


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise cannot_read(path, error) from error


@dataclass
class _Plan:
    """What is to be done with one ledger of a file, decided before anything is stored."""

    ledger: Ledger
    relation: str
    file: LedgerFile | None
    held: Held | None


def take_bundle(panel: Panel, path: Path) -> tuple[Outcome, dict[str, str]]:
    """Check a file whole, then store it; return the outcome and the heads that it carried.

    Raises :class:`KippError` where the file cannot be used; nothing of it is then stored.
    """
    with Bundle.open(path) as bundle:
        if bundle.competition != panel.competition:
            raise KippError(
                "other-competition",
                Text("The file {file} belongs to another competition.", file=path.name),
                Text("Open that competition first, or ask for the right file."),
            )
        plans: list[_Plan] = []
        carried: dict[str, str] = {}
        size = 0
        for ledger in bundle.ledgers():
            plan = _weigh(panel, ledger)
            if plan.file is not None:
                carried[ledger.name] = plan.file.head
            size += len(ledger.data)
            if size > KEEP:
                plan.file = None
            plans.append(plan)
        forks = [_weigh(panel, fork, fork=True) for fork in bundle.forks()]
        _check_blobs(panel, bundle, plans)
        for name in bundle.blobs():
            panel.blobs.put_chunks(name, bundle.blob_chunks(name))
        records, kinds = 0, Counter[str]()
        # The desk first: its plans say how the sheets of the others are read.
        for plan in sorted(plans, key=lambda item: item.ledger.name != panel.desk):
            if plan.relation == "continues":
                file = plan.file or _read(panel, plan.ledger, plan.held)
                panel.take(file, plan.held)
                records += len(file.records)
                kinds.update(record.kind for record in file.records)
            elif plan.relation == "fork":
                panel.take_branch(plan.file or _read(panel, plan.ledger, plan.held))
        for plan in forks:
            if plan.relation == "fork" and plan.file is not None:
                panel.take_branch(plan.file)
    forked = any(plan.relation == "fork" for plan in (*plans, *forks))
    outcome = _judged(
        panel, path, records, tuple(carried), tuple(sorted(kinds.items())), forked=forked
    )
    return outcome, carried


def _judged(
    panel: Panel,
    path: Path,
    records: int,
    keys: tuple[str, ...],
    kinds: tuple[tuple[str, int], ...],
    *,
    forked: bool,
) -> Outcome:
    waiting = tuple(key for key in keys if key != panel.desk and panel.key_of(key) is None)
    if forked:
        name = "forked"
    elif waiting:
        name = "waiting-for-key"
    else:
        name = "merged" if records else "nothing-new"
    return Outcome(path, name, records, None, waiting or keys, kinds)


def _weigh(panel: Panel, ledger: Ledger, *, fork: bool = False) -> _Plan:
    """Check a ledger and say how it stands to the one that is held."""
    author = None if fork else ledger.name
    if fork:
        file = read_ledger(ledger.data, ledger.signature, competition=panel.competition)
        if file.head != ledger.name:
            raise _false_name()
        author = file.author
    held = panel.held(author or "")
    file = _read(panel, Ledger(author or "", ledger.data, ledger.signature), held)
    enrolment = (
        file.records[0] if held is None or (file.records and file.records[0].seq == 1) else None
    )
    if enrolment is not None and enrolment.body["desk"] != panel.desk:
        raise KippError(
            "other-desk",
            Text("The file is from a laptop that joined another secretariat's desk."),
            Text("Let that laptop join again with this desk's package."),
        )
    if held is None:
        return _Plan(ledger, "fork" if fork else "continues", file, None)
    if file.data == held.data or held.data.startswith(file.data):
        return _Plan(ledger, "known", file, held)
    if file.data.startswith(held.data):
        return _Plan(ledger, "fork" if fork else "continues", file, held)
    if panel.branches.holds(file.author, file.head):
        return _Plan(ledger, "known", file, held)
    return _Plan(ledger, "fork", file, held)


def _read(panel: Panel, ledger: Ledger, held: Held | None) -> LedgerFile:
    return read_ledger(
        ledger.data,
        ledger.signature,
        author=ledger.name,
        competition=panel.competition,
        held=held,
    )


def _check_blobs(panel: Panel, bundle: Bundle, plans: Sequence[_Plan]) -> None:
    """Refuse a file whose plans cannot be read: they are needed at once."""
    blobs = set(bundle.blobs())
    for plan in plans:
        for record in plan.file.records if plan.file else ():
            if record.kind != "plan":
                continue
            setup = str(record.body["setup"])
            if setup not in blobs and not panel.blobs.has(setup):
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


def waiting_keys(panel: Panel) -> list[tuple[str, str]]:
    """Return the keys that wait to be admitted, and whose they say they are (person ids)."""
    return [
        (row.author, row.person)
        for row in panel.projection.ledgers()
        if not row.desk and row.author not in panel.state.keys
    ]
