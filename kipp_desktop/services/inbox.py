"""Files in: what is whole is stored, the rest is refused; any order, any number of times.

Two steps on one path: :func:`examine` checks a file and says what it would bring, :func:`store`
takes what was examined. :func:`merge` does both at once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.exchange.container import CHUNK, unwatched, watched
from kipp_desktop.files import cannot_read
from kipp_desktop.services.agenda_times import moderates, new_times, take_times
from kipp_desktop.services.context import collector_at_rest
from kipp_desktop.services.desk import desk_identity, heads
from kipp_desktop.services.setup import write_package
from kipp_desktop.services.weighing import Weighed, differs, weigh
from kipp_desktop.storage.received import changed
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

CANCELLED: Final = "cancelled"
#: How often the bytes of a file are read: to look at it, and to take it.
LOOKS, TAKES = 2, 4


@dataclass(frozen=True)
class Outcome:
    """What came of a file.

    ``outcome`` is ``merged``, ``nothing-new``, ``waiting-for-key``, ``forked`` or ``refused``;
    ``records`` says how many are new here, ``kinds`` of which kinds; ``slots`` are those of the
    agenda of which a moderator's times were taken.
    """

    file: Path
    outcome: str
    records: int = 0
    reason: KippError | None = None
    keys: tuple[str, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    slots: int = 0


@dataclass(frozen=True)
class Difference:
    """A key that signed something else than what is held: records shared, held, and in the file."""

    key: str
    person: str
    shared: int
    here: int
    there: int


@dataclass(frozen=True)
class Examined:
    """What a file is and would bring, if it were stored now; nothing of it is stored yet.

    ``outcome`` is that of :class:`Outcome`; ``kinds`` counts its new records, corrections of a
    sheet as ``correction``; ``persons`` are the ids that its keys claim; ``same_as`` is the file
    before it with the very same bytes; ``slots`` are those of which it brings times.
    """

    file: Path
    sha256: str
    outcome: str
    kinds: tuple[tuple[str, int], ...] = ()
    persons: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    reason: KippError | None = None
    same_as: Path | None = None
    slots: int = 0

    @property
    def records(self) -> int:
        """How many records are new here."""
        return sum(count for _, count in self.kinds)


@dataclass(frozen=True)
class Merged:
    """What came of several files."""

    outcomes: tuple[Outcome, ...]
    changes: Changes = field(default_factory=Changes)

    @property
    def refused(self) -> bool:
        """Whether any file was refused."""
        return any(item.outcome == "refused" for item in self.outcomes)


def examine(home: Home, panel: Panel, files: Sequence[Path]) -> list[Examined]:
    """Check files and say what each would bring; stores nothing.

    Each is compared with what is held now, not with the files beside it, except that the same
    bytes twice are told. Raises :class:`KippError` ``cancelled``.
    """
    found: list[Examined] = []
    first: dict[str, Path] = {}
    for number, path in enumerate(files):
        home.context.step(number / len(files), Text("Reading {file}", file=path.name))
        step = _teller(home, path, (number, len(files)), LOOKS)
        with collector_at_rest():
            found.append(_examine_one(panel, path, first, step))
    home.context.progress(1.0, Text("Done"))
    return found


def _examine_one(
    panel: Panel, path: Path, first: dict[str, Path], step: Callable[[int], None]
) -> Examined:
    sha256 = ""
    try:
        sha256 = _sha256(path, step)
        twin = first.setdefault(sha256, path)
        if twin != path:
            return Examined(path, sha256, "nothing-new", same_as=twin)
        with Bundle.open(path, step) as bundle:
            weighed = weigh(panel, bundle, path.name)
            slots = new_times(panel, bundle)
    except KippError as error:
        if error.code == CANCELLED:
            raise
        return Examined(path, sha256, "refused", reason=error)
    kinds = Counter[str]()
    for part in weighed.parts:
        kinds.update(part.kinds)
    keys = tuple(weighed.carried)
    outcome = _judged(panel, path, kinds.total(), keys, (), forked=bool(weighed.forked))
    outcome = _with_slots(outcome, slots)
    persons = [part.person for part in weighed.parts if part.author != panel.desk]
    return Examined(
        path,
        sha256,
        outcome.outcome,
        tuple(sorted(kinds.items())),
        tuple(dict.fromkeys(person for person in persons if person)),
        tuple(
            Difference(part.author, part.person, *differs(panel, part)) for part in weighed.forked
        ),
        slots=slots,
    )


def store(
    home: Home, panel: Panel, examined: Sequence[Examined], receipt: Path | None = None
) -> Merged:
    """Take the files that were examined; one whose bytes changed since then is refused."""
    wanted = {item.file: item.sha256 for item in examined if item.sha256}
    return merge(home, panel, [item.file for item in examined], receipt, wanted)


def merge(
    home: Home,
    panel: Panel,
    files: Sequence[Path],
    receipt: Path | None = None,
    wanted: Mapping[Path, str] | None = None,
) -> Merged:
    """Merge files at the desk, sign a receipt where something was stored, and write it if asked.

    A file that cannot be used is refused with its reason; the others are taken all the same.
    ``wanted`` are the SHA-256 that files must have. Cancelling takes the files that were read
    whole and nothing of the one that was being read; the same files again go on from there.
    """
    context = home.context
    wanted = wanted or {}
    if receipt is not None:
        home.card(panel.competition, "desk")
    outcomes = []
    for number, path in enumerate(files):
        if context.cancelled():
            break  # the files before this one are taken and receipted
        context.progress(number / len(files), Text("Reading {file}", file=path.name))
        step = _teller(home, path, (number, len(files)), TAKES)
        try:
            with collector_at_rest():
                outcomes.append(_merge_one(home, panel, path, wanted.get(path), step))
        except KippError as error:
            if error.code != CANCELLED:
                raise
            break
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
    changes = Changes.of("ledgers", "people") if stored else Changes()
    if any(item.slots for item in outcomes):
        changes |= Changes.of("agenda")
    return Merged(tuple(outcomes), changes)


def _merge_one(
    home: Home, panel: Panel, path: Path, wanted: str | None, step: Callable[[int], None]
) -> Outcome:
    at = home.context.at()
    name = path.name.encode("utf-8", "replace").decode()  # a stick's name may be no text
    sha256 = ""
    fresh = False
    try:
        sha256 = _sha256(path, step)
        if wanted not in {None, sha256}:
            raise changed(path)
        carried = panel.received.heads(sha256)
        if carried is not None and all(
            panel.projection.seq_of(key, head) for key, head in carried.items()
        ):
            slots = 0
            if moderates(panel, carried):  # perhaps admitted since then
                with Bundle.open(path) as bundle:
                    slots = take_times(panel, bundle)
            outcome = _judged(panel, path, 0, tuple(carried), (), forked=False)
            outcome = _with_slots(outcome, slots)
        else:
            # The copy is what is read: a stick that is pulled out now loses nothing.
            fresh = not panel.received.path(sha256).exists()
            copy = panel.received.keep(path, sha256, step)
            outcome, carried = take_bundle(panel, copy, path, step)
    except KippError as error:
        if fresh:
            panel.received.forget(sha256)
        if error.code == CANCELLED:
            raise
        panel.received.add(sha256, name, at, "refused", 0, error.code, {})
        return Outcome(path, "refused", reason=error)
    panel.received.add(sha256, name, at, outcome.outcome, outcome.records, "", carried or {})
    return outcome


def _teller(home: Home, path: Path, place: tuple[int, int], passes: int) -> Callable[[int], None]:
    """Return what is told the bytes of a file as they are read, ``passes`` times in all.

    ``place`` is the file's among how many. It raises :class:`KippError` ``cancelled``.
    """
    number, count = place
    try:
        total = max(1, passes * path.stat().st_size)
    except OSError:
        total = 1  # whoever reads it says what is wrong
    done = 0

    def step(more: int) -> None:
        nonlocal done
        done += more
        share = (number + min(1.0, done / total)) / count
        home.context.step(share, Text("Reading {file}", file=path.name))

    return step


def _sha256(path: Path, step: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                step(len(chunk))
    except OSError as error:
        raise cannot_read(path, error) from error
    return digest.hexdigest()


def take_bundle(
    panel: Panel,
    path: Path,
    given: Path | None = None,
    step: Callable[[int], None] = unwatched,
) -> tuple[Outcome, dict[str, str]]:
    """Check a file whole, then store it; return the outcome and the heads that it carried.

    ``given`` is the file as the user knows it, where ``path`` is its copy; ``step`` is told the
    bytes read and may raise. Raises :class:`KippError` where the file cannot be used; nothing of it
    is then stored.
    """
    given = given or path
    with Bundle.open(path, step) as bundle:
        weighed = weigh(panel, bundle, given.name)
        _put_blobs(panel, bundle, step)
        kinds = _take(panel, weighed)
        slots = take_times(panel, bundle)
    outcome = _judged(
        panel,
        given,
        kinds.total(),
        tuple(weighed.carried),
        tuple(sorted(kinds.items())),
        forked=bool(weighed.forked),
    )
    return _with_slots(outcome, slots), weighed.carried


def _with_slots(outcome: Outcome, slots: int) -> Outcome:
    name = "merged" if slots and outcome.outcome == "nothing-new" else outcome.outcome
    return replace(outcome, outcome=name, slots=slots)


def _put_blobs(panel: Panel, bundle: Bundle, step: Callable[[int], None]) -> None:
    """Keep all blobs of a file, or none of those that are new."""
    new = []
    try:
        for name in bundle.blobs():
            if not panel.blobs.has(name):
                new.append(name)
                panel.blobs.put_chunks(name, watched(bundle.blob_chunks(name), step))
    except BaseException:
        for name in new:
            panel.blobs.forget(name)
        raise


def _take(panel: Panel, weighed: Weighed) -> Counter[str]:
    """Store the ledgers of a file that was weighed; return the new records by kind."""
    kinds = Counter[str]()
    # The desk first: its plans say how the sheets of the others are read.
    for part in sorted(weighed.parts, key=lambda item: item.author != panel.desk):
        if part.relation == "continues":
            file = part.read(panel)
            panel.take(file, part.held)
            kinds.update(record.kind for record in file.records)
    for part in weighed.forked:
        panel.take_branch(part.read(panel))
    return kinds


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


def waiting_keys(panel: Panel) -> list[tuple[str, str]]:
    """Return the keys that wait to be admitted, and whose they say they are (person ids).

    A second key, admitted and void, does not: nothing is left to compare.
    """
    return [(one.key, one.person) for one in panel.unadmitted() if not one.second]
