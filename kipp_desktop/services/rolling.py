"""Rolling backups: what is not signed yet, kept beside the competition.

Signed lines stand in the ledgers' files, which no backup touches: putting one back never shortens a
ledger. Kept are the newest twenty, and the last of each earlier day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.files import cannot_read, cannot_write, write_whole
from kipp_desktop.services.panel import Panel
from kipp_desktop.storage.backup import count_drafts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kipp_desktop.services.home import Home, Listed

NEWEST: Final = 20
_NAME = re.compile(r"(\d{8}-\d{6})\.sqlite\Z", re.ASCII)
_STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Backup:
    """One backup: when it was made by this laptop's clock, and how many drafts it holds."""

    path: Path
    at: datetime
    drafts: int


def keep(home: Home, panel: Panel) -> Path | None:
    """Make a backup now, unless the newest one says the same; return it.

    Raises :class:`KippError` with code ``disk`` or ``cannot-write``; the older ones stay.
    """
    folder = panel.folder / "backups"
    target = folder / f"{home.context.clock():{_STAMP}}.sqlite"
    part = target.with_suffix(".part")
    earlier = _stamped(folder)
    try:
        folder.mkdir(exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            panel.copy_unsigned(part)
            data = part.read_bytes()
        finally:
            part.unlink(missing_ok=True)
        if target.exists() or (earlier and earlier[0].read_bytes() == data):
            return None
        write_whole(target, data, private=True)
        for path in _spare([target, *earlier]):
            path.unlink()
    except OSError as error:
        raise cannot_write(target, error) from error
    return target


def backups_of(listed: Listed) -> list[Backup]:
    """Return the backups of a competition, the newest first; damaged ones are left out."""
    found = []
    for path in _stamped(listed.folder / "backups"):
        try:
            drafts = count_drafts(path)
        except KippError:
            continue
        # The laptop's own clock, as the user reads it from the wall.
        found.append(Backup(path, datetime.strptime(path.stem, _STAMP), drafts))  # noqa: DTZ007
    return found


def put_back(home: Home, listed: Listed, backup: Path) -> Changes:
    """Take drafts and set-up from a backup; the competition must be closed.

    What is there now is kept as a backup itself, or, where it is damaged, put aside as
    ``panel-….sqlite``. Raises :class:`KippError` with code ``in-use`` or ``cannot-read``.
    """
    database = listed.folder / "panel.sqlite"
    try:
        data = backup.read_bytes()
    except OSError as error:
        raise cannot_read(backup, error) from error
    try:
        with Panel(listed.folder, listed.id, listed.desk) as panel:
            keep(home, panel)
    except KippError as error:
        if error.code not in {"damaged-database", "damaged-draft"}:
            raise
    aside = listed.folder / f"panel-{home.context.clock():{_STAMP}}.sqlite"
    # The log of the old database must not be read into the new one.
    for suffix in ("-wal", "-shm", ""):
        old = database.with_name(database.name + suffix)
        if old.exists():
            old.replace(aside.with_name(aside.name + suffix))
    write_whole(database, data)
    with Panel(listed.folder, listed.id, listed.desk) as panel:
        panel.rebuild()
    return Changes.of("competition", "drafts")


def _stamped(folder: Path) -> list[Path]:
    """Return the backups in a folder, the newest first."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if _NAME.match(path.name)), reverse=True)


def _spare(newest_first: Iterable[Path]) -> list[Path]:
    """Return the backups that need not be kept."""
    days: set[str] = set()
    spare = []
    for number, path in enumerate(newest_first):
        day = path.name.partition("-")[0]
        if number >= NEWEST and day in days:
            spare.append(path)
        days.add(day)
    return spare
