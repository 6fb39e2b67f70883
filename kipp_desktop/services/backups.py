"""Backups of a whole home, and restoring them: a ledger is never shortened by it.

A ``.kippbackup`` file is a container like a ``.kipp`` file (every byte of it is checked), whose
members are the home's files under their own names. It holds keys: keep it like one.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.exchange.container import Member, Writer, content, refused, scan
from kipp_desktop.files import cannot_read, whole_file, write_whole
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.services.home import Home

MARK = "kipp-backup.json"
_MARK_TEXT = b'{"format":"kipp-backup","version":1}\n'

#: What of a home is kept: everything but locks, half-written files and older databases.
_WANTED = re.compile(
    r"settings\.toml|identities/[0-9a-f]{64}\.json|competitions/last"
    r"|competitions/[0-9a-f]{64}/(?:competition\.json|last-person"
    r"|(?:ledgers|forks)/[0-9a-f]{64}\.ndjson(?:\.sig)?|(?:blobs|originals)/[0-9a-f]{64}|received/[0-9a-f]{64}\.kipp|panel\.sqlite)\Z",
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
            if members[0].name != MARK or b"".join(content(file, members[0])) != _MARK_TEXT:
                raise refused(Text("it is not a backup"))
            if any(not _WANTED.match(name) for name in names if name != MARK):
                raise refused(Text("it holds other parts than a backup does"))
            return _restore(home, file, names)
    except OSError as error:
        raise cannot_read(source, error) from error


def _restore(home: Home, file: IO[bytes], members: dict[str, Member]) -> Restored:
    root = home.context.home
    competitions = sorted(
        {name.split("/")[1] for name in members if re.match(r"competitions/[0-9a-f]{64}/", name)}
    )
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
