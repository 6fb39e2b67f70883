"""Backups of a whole home, and restoring them: a ledger is never shortened by it.

A ``.kippbackup`` file is a container like a ``.kipp`` file (every byte of it is checked), whose
members are the home's files under their own names. It holds keys: keep it like one.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.container import Member, Writer, content, refused, scan
from kipp_desktop.files import cannot_read, whole_file, write_whole
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kipp_desktop.services.home import Home

MARK = "kipp-backup.json"
_MARK_TEXT = b'{"format":"kipp-backup","version":1}\n'

#: What of a home is kept: everything but locks, half-written files and older databases.
_WANTED = re.compile(
    r"settings\.toml|identities/[0-9a-f]{64}\.json|competitions/last"
    r"|competitions/[0-9a-f]{64}/(?:competition\.json|last-person"
    r"|(?:ledgers|forks)/[0-9a-f]{64}\.ndjson(?:\.sig)?|(?:blobs|scans|originals)/[0-9a-f]{64}"
    r"|received/[0-9a-f]{64}\.kipp|panel\.sqlite)\Z",
    re.ASCII,
)


@dataclass(frozen=True)
class Restored:
    """What restoring did: how many competitions, and the ledgers that were longer here and stay."""

    competitions: int
    kept: int
    changes: Changes


def back_up(home: Home, out: Path) -> int:
    """Write the whole home to one file; return how many competitions it holds.

    Raises :class:`KippError` ``in-use`` while one is open elsewhere, or ``cannot-write``.
    """
    root = home.context.home
    listed = home.competitions()
    with (
        tempfile.TemporaryDirectory(prefix="kipp-") as folder,
        whole_file(out, private=True) as file,
    ):
        copies: dict[str, Path] = {}
        for number, item in enumerate(listed):
            home.context.step(number / max(1, len(listed)), Text("Saving {name}", name=item.name))
            copy = Path(folder) / f"{item.id}.sqlite"
            with Panel(item.folder, item.id, item.desk) as panel:
                panel.copy_database(copy)
            copies[f"competitions/{item.id}/panel.sqlite"] = copy
        writer = Writer(file)
        writer.add_bytes(MARK, _MARK_TEXT)
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and _WANTED.match(name) and name not in copies:
                writer.add_chunks(name, _chunks(path))
        for name, copy in sorted(copies.items()):
            writer.add_chunks(name, _chunks(copy))
        writer.close()
    return len(listed)


def restore(home: Home, source: Path) -> Restored:
    """Bring a backup back into the home.

    A competition that is here already takes the backup's drafts and settings; its database is put
    aside first, and of two ledgers of one key the longer stays. Raises :class:`KippError`
    ``bad-file`` or ``cannot-read`` before anything is changed.
    """
    try:
        with source.open("rb") as file:
            members = scan(file)
            names = {member.name: member for member in members}
            mark = b"".join(content(file, members[0])) if members else b""
            if mark != _MARK_TEXT or members[0].name != MARK:
                raise refused(Text("it is not a backup"))
            wanted = all(_WANTED.match(name) for name in names if name != MARK)
            if not wanted or not _each_signed(names):
                raise refused(Text("it holds other parts than a backup does"))
            _try_out(home, file, names)
            return _restore(home, file, names)
    except OSError as error:
        raise cannot_read(source, error) from error


def _try_out(home: Home, file: IO[bytes], members: dict[str, Member]) -> None:
    """Refuse a backup that could not be used, in a folder beside: nothing is changed by it."""
    with tempfile.TemporaryDirectory(prefix="kipp-") as folder:
        other = type(home)(replace(home.context, home=Path(folder)))
        for name, member in members.items():
            if name != MARK:
                _write(Path(folder) / name, file, member)
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


def _restore(home: Home, file: IO[bytes], members: dict[str, Member]) -> Restored:
    root = home.context.home
    competitions = sorted(_competitions(members))
    kept = 0
    for competition in competitions:
        prefix = f"competitions/{competition}/"
        folder = root / prefix
        database = folder / "panel.sqlite"
        if database.exists():
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
            elif part == "panel.sqlite" or not (root / name).exists():
                _write(root / name, file, members[name])
        value = json.loads((folder / "competition.json").read_bytes())
        with Panel(folder, competition, value["desk"]) as panel:
            panel.rebuild()
    for name, member in members.items():
        if name != MARK and not name.startswith("competitions/") and not (root / name).exists():
            _write(root / name, file, member, private=name.startswith("identities/"))
    if competitions:
        home.remember(competitions[-1])
    return Restored(len(competitions), kept, Changes.of("competition", "ledgers", "drafts"))


def _continues(file: IO[bytes], member: Member, held: Path) -> bool:
    """Return whether the backup's ledger is the one that is held here, or continues it."""
    return not held.exists() or b"".join(content(file, member)).startswith(held.read_bytes())


def _write(path: Path, file: IO[bytes], member: Member, *, private: bool = False) -> None:
    write_whole(path, b"".join(content(file, member)), private=private)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk
