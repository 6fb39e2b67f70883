"""Backups of a whole home, and restoring them: a ledger is never shortened by it.

A ``.kippbackup`` file is a container like a ``.kipp`` file (every byte of it is checked), whose
members are the home's files under their own names. It holds keys: keep it like one. Where photos
and files that came in would make it too large for a stick, it is several, each whole in itself: all
that was signed, written and set up, and a share of those.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.container import CHUNK, Member, Source, Writer, content, refused, scan
from kipp_desktop.files import cannot_read, whole_file
from kipp_desktop.services.carrying import PART_SIZE, part_path
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kipp_desktop.services.home import Home

MARK = "kipp-backup.json"
_MARK_TEXT = re.compile(
    rb'\{"format":"kipp-backup","part":([1-9][0-9]{0,3}),"parts":([1-9][0-9]{0,3}),'
    rb'"version":1\}\n'
)
#: Members of one file besides those that are in every file; the container takes 20,000.
PART_MEMBERS: Final = 10_000

#: What of a home is kept: everything but locks, half-written files and older databases.
_WANTED = re.compile(
    r"settings\.toml|identities/[0-9a-f]{64}\.json|competitions/last"
    r"|competitions/[0-9a-f]{64}/(?:competition\.json|last-person"
    r"|(?:ledgers|forks)/[0-9a-f]{64}\.ndjson(?:\.sig)?|(?:blobs|scans|originals)/[0-9a-f]{64}"
    r"|received/[0-9a-f]{64}\.kipp|panel\.sqlite)\Z",
    re.ASCII,
)
#: Of these there can be gigabytes: they are shared out among the files.
_BULK = re.compile(
    r"competitions/[0-9a-f]{64}/(?:blobs|scans|originals|received)/([0-9a-f]{64})(?:\.kipp)?\Z",
    re.ASCII,
)


@dataclass(frozen=True)
class Saved:
    """The files of a backup in their order, and how many competitions they hold."""

    files: tuple[Path, ...]
    competitions: int


@dataclass(frozen=True)
class Restored:
    """What restoring did: how many competitions, and the ledgers that were longer here and stay.

    ``missing`` are the numbers of the backup's further files that were not brought back with it.
    """

    competitions: int
    kept: int
    missing: tuple[int, ...] = ()
    changes: Changes = field(default_factory=Changes)


def back_up(home: Home, out: Path, part_size: int = PART_SIZE) -> Saved:
    """Write the whole home to one file, or to numbered ones where its photos ask for more.

    Each is read back. Raises :class:`KippError` ``in-use`` while a competition is open elsewhere,
    ``cancelled``, or ``cannot-write``; no file is half there.
    """
    root = home.context.home
    listed = home.competitions()
    with tempfile.TemporaryDirectory(prefix="kipp-") as folder:
        databases: dict[str, Path] = {}
        needed: set[str] = set()
        for number, item in enumerate(listed):
            home.context.step(number / max(1, len(listed)), Text("Saving {name}", name=item.name))
            copy = Path(folder) / f"{item.id}.sqlite"
            with Panel(item.folder, item.id, item.desk) as panel:
                panel.copy_database(copy)
                needed.update(_set_up(panel))
            databases[f"competitions/{item.id}/panel.sqlite"] = copy
        found = {
            name: path
            for path in sorted(root.rglob("*"))
            if path.is_file() and _WANTED.match(name := path.relative_to(root).as_posix())
        }
        bulk = [
            (name, path)
            for name, path in found.items()
            if (match := _BULK.match(name)) and match[1] not in needed
        ]
        shared = {name for name, _ in bulk}
        always = [
            *((name, path) for name, path in found.items() if name not in {*shared, *databases}),
            *sorted(databases.items()),
        ]
        parts = list(_parts(bulk, part_size))
        tell = _teller(home, always, bulk, len(parts))
        files = []
        for number, part in enumerate(parts, start=1):
            path = part_path(out, number, len(parts))
            _write_part(path, _mark(number, len(parts)), [*always, *part], tell)
            files.append(path)
    return Saved(tuple(files), len(listed))


def _set_up(panel: Panel) -> Iterator[str]:
    """Yield the blobs without which no competition opens."""
    for record in panel.records(panel.desk, "plan"):
        yield str(record.body["setup"])
        yield str(record.body["people"])


def _parts(bulk: Sequence[tuple[str, Path]], part_size: int) -> Iterator[list[tuple[str, Path]]]:
    """Yield what is shared out, file by file; one file where there is nothing."""
    size = 0
    part: list[tuple[str, Path]] = []
    for name, path in bulk:
        more = path.stat().st_size
        if part and (size + more > part_size or len(part) == PART_MEMBERS):
            yield part
            size, part = 0, []
        size += more
        part.append((name, path))
    yield part


def _teller(
    home: Home,
    always: Sequence[tuple[str, Path]],
    bulk: Sequence[tuple[str, Path]],
    parts: int,
) -> Callable[[int], None]:
    sizes = [sum(path.stat().st_size for _, path in some) for some in (always, bulk)]
    total = max(1, 2 * (parts * sizes[0] + sizes[1]))
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        home.context.step(
            min(1.0, done / total), Text("Saving {name}", name=home.context.home.name)
        )

    return tell


def _write_part(
    out: Path, mark: bytes, items: Sequence[tuple[str, Path]], tell: Callable[[int], None]
) -> None:
    with whole_file(out, private=True) as file:
        writer = Writer(file)
        writer.add_bytes(MARK, mark)
        sources = {}
        for name, path in items:
            chunks = partial(_chunks, path, tell)
            sources[name] = Source(writer.add_chunks(name, chunks()), chunks)
        writer.close()
        file.flush()
        # A backup that cannot be read back is none.
        if scan(file, sources) != writer.members:
            raise refused(Text("what was written could not be read back"))


def _mark(part: int, parts: int) -> bytes:
    return b'{"format":"kipp-backup","part":%d,"parts":%d,"version":1}\n' % (part, parts)


def restore(home: Home, sources: Sequence[Path]) -> Restored:
    """Bring the files of a backup back into the home; further ones may follow later.

    A competition that is here already takes the drafts and settings of the file that is number 1;
    its database is put aside first, and of two ledgers of one key the longer stays. A further file
    adds photos and files that came in, and what is not here at all. Raises :class:`KippError`
    ``bad-file`` or ``cannot-read`` before anything of that file is changed.
    """
    total = Restored(0, 0)
    seen: set[int] = set()
    parts = 0
    for source in sources:
        number, parts, one = _restore_file(home, source)
        seen.add(number)
        total = Restored(
            max(total.competitions, one.competitions), max(total.kept, one.kept), (), one.changes
        )
    return replace(total, missing=tuple(n for n in range(1, parts + 1) if n not in seen))


def _restore_file(home: Home, source: Path) -> tuple[int, int, Restored]:
    try:
        with source.open("rb") as file:
            members = scan(file)
            names = {member.name: member for member in members}
            first = members[0] if members else None
            found = None
            if first is not None and first.name == MARK and first.size < CHUNK:
                found = _MARK_TEXT.fullmatch(b"".join(content(file, first)))
            if found is None:
                raise refused(Text("it is not a backup"))
            number, parts = int(found[1]), int(found[2])
            wanted = all(_WANTED.match(name) for name in names if name != MARK)
            if not wanted or number > parts or not _each_signed(names) or not _each_whole(names):
                raise refused(Text("it holds other parts than a backup does"))
            _try_out(home, file, names)
            return number, parts, _restore(home, file, names, further=number > 1)
    except OSError as error:
        raise cannot_read(source, error) from error


def _each_whole(members: Mapping[str, Member]) -> bool:
    """Return whether everything that is called by its SHA-256 has it."""
    named = ((_BULK.match(name), member) for name, member in members.items())
    return all(match[1] == member.sha256 for match, member in named if match)


def _try_out(home: Home, file: IO[bytes], members: Mapping[str, Member]) -> None:
    """Refuse a backup that could not be used, in a folder beside: nothing is changed by it."""
    # What is shared out among the files stands behind all else, and need not be tried.
    names = list(members)
    databases = [n for n, name in enumerate(names) if name.endswith("/panel.sqlite")]
    tried = names[1 : databases[-1] + 1] if databases else names[1:]
    with tempfile.TemporaryDirectory(prefix="kipp-") as folder:
        other = type(home)(replace(home.context, home=Path(folder)))
        for name in tried:
            _write(Path(folder) / name, file, members[name])
        try:
            listed = other.competitions()
            found = {item.id for item in listed if item.folder.name == item.id}
            if found != _competitions(members):
                raise refused(Text("a competition in it cannot be opened"))
            last = Path(folder) / "competitions" / "last"
            if listed:
                other.choose(None if last.exists() else listed[0].id)
            for item in listed:
                other.identities(item.id)
                with Panel(item.folder, item.id, item.desk) as panel:
                    panel.rebuild()
                    if panel.projection.ledger(item.desk) is None:
                        raise refused(Text("a competition in it cannot be opened"))
                    if panel.state.plan is not None:
                        panel.setup_of(panel.state.plan.setup, panel.state.plan.people)
        except KippError:
            raise
        except Exception as fault:  # a database or text made by others may fail anywhere
            raise refused(Text("a competition in it cannot be opened")) from fault


def _each_signed(members: Collection[str]) -> bool:
    """Return whether every ledger has its signature, and every signature its ledger."""
    ledgers = {name for name in members if name.endswith(".ndjson")}
    return {f"{name}.sig" for name in ledgers} == {n for n in members if n.endswith(".sig")}


def _competitions(members: Iterable[str]) -> set[str]:
    return {name.split("/")[1] for name in members if re.match(r"competitions/[0-9a-f]{64}/", name)}


def _restore(
    home: Home, file: IO[bytes], members: Mapping[str, Member], *, further: bool
) -> Restored:
    root = home.context.home
    competitions = sorted(_competitions(members))
    kept = 0
    for competition in competitions:
        prefix = f"competitions/{competition}/"
        folder = root / prefix
        database = folder / "panel.sqlite"
        adds = further and database.exists()
        if database.exists() and not adds:
            # Opening it proves that nobody else has it open.
            value = json.loads((folder / "competition.json").read_bytes())
            with Panel(folder, competition, value["desk"]):
                pass
            at = home.context.clock().strftime("%Y%m%d-%H%M%S")
            database.replace(folder / f"panel-{at}.sqlite")
        for name in sorted(name for name in members if name.startswith(prefix)):
            part = name.removeprefix(prefix)
            if part.startswith("ledgers/"):
                # A signature goes with its ledger, which stands before it in this order.
                ledger = name.removesuffix(".sig")
                if _continues(file, members[ledger], root / ledger):
                    _write(root / name, file, members[name])
                else:
                    kept += part.endswith(".ndjson")
            elif (part == "panel.sqlite" and not adds) or not (root / name).exists():
                _write(root / name, file, members[name])
        value = json.loads((folder / "competition.json").read_bytes())
        with Panel(folder, competition, value["desk"]) as panel:
            panel.rebuild()
    for name, member in members.items():
        if name != MARK and not name.startswith("competitions/") and not (root / name).exists():
            _write(root / name, file, member, private=name.startswith("identities/"))
    if competitions:
        home.remember(competitions[-1])
    changes = Changes.of("competition", "ledgers", "drafts")
    return Restored(len(competitions), kept, changes=changes)


def _continues(file: IO[bytes], member: Member, held: Path) -> bool:
    """Return whether the backup's ledger is the one that is held here, or continues it."""
    return not held.exists() or b"".join(content(file, member)).startswith(held.read_bytes())


def _write(path: Path, file: IO[bytes], member: Member, *, private: bool = False) -> None:
    with whole_file(path, private=private) as target:
        for chunk in content(file, member):
            target.write(chunk)


def _chunks(path: Path, tell: Callable[[int], None]) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            tell(len(chunk))
            yield chunk
