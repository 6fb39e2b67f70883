"""The power goes while a judge marks: what could then stand on the disk, made from system calls.

The program runs once under ``strace``, which logs every write, sync, rename and truncation. From
the log a *disk* is kept: what is surely on it, and what is only on its way. After each
acknowledgement (and at random moments between) images of the home are made: all that was not synced
is lost, or each part of it is there, not there, or torn between sectors of 512 bytes. A name
(a new file, a rename, a removal) is sure only when its folder was synced; names on their way reach
the disk in their order, some of them or none.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.crash.kills import ROOT, Toll, compare

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTOR = 512
CALLS = (
    "openat,close,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,renameat,renameat2,"
    "unlink,unlinkat"
)
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?$")
_FD = re.compile(r"^(\d+)<(.*?)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class File:
    """One file's bytes: those that are sure, and the changes on their way."""

    sure: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    size: int = 0

    def write(self, offset: int, data: bytes) -> None:
        """Write at an offset."""
        self.pending.append((offset, data))
        self.size = max(self.size, offset + len(data))

    def truncate(self, size: int) -> None:
        """Cut or extend the file."""
        self.pending.append((size, None))
        self.size = size

    def sync(self) -> None:
        """Make everything sure."""
        for change in self.pending:
            _apply(self.sure, *change)
        self.pending.clear()

    def survived(self, choose: random.Random | None) -> bytes:
        """Return what stands on the disk after a power cut; without choices the least."""
        found = bytearray(self.sure)
        for offset, data in self.pending if choose else ():
            fate = choose.choice(("there", "gone", "torn"))
            if fate == "there" or (fate == "torn" and data is None):
                _apply(found, offset, data)
            elif fate == "torn":
                for start in range(offset - offset % SECTOR, offset + len(data), SECTOR):
                    if choose.random() < 0.5:
                        low, high = max(start, offset), min(start + SECTOR, offset + len(data))
                        _apply(found, low, data[low - offset : high - offset])
        return bytes(found)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


class Disk:
    """The home on a disk: names and files, sure or on their way."""

    def __init__(self, folder: Path) -> None:
        self.now: dict[str, File] = {}
        for path in folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                self.now[str(path)] = File(bytearray(data), size=len(data))
        self.sure = dict(self.now)
        self.names: list[tuple[str, File | None]] = []

    def name(self, path: str, file: File | None) -> None:
        """Give a file a name, or take a name away."""
        self.names.append((path, file))
        if file is None:
            self.now.pop(path, None)
        else:
            self.now[path] = file

    def rename(self, old: str, new: str) -> None:
        """Move a file: in one step, as the journal of a file system does."""
        file = self.now.pop(old)
        self.now[new] = file
        self.names.append((f"{old}\0{new}", file))

    def sync_folder(self, path: str) -> None:
        """Make the names in a folder sure."""
        left = []
        for name, file in self.names:
            if name.rpartition("\0")[2].rpartition("/")[0] == path:
                _rename(self.sure, name, file)
            else:
                left.append((name, file))
        self.names = left

    def image(self, choose: random.Random | None) -> dict[str, bytes]:
        """Return what stands on the disk after a power cut."""
        names = dict(self.sure)
        for name, file in self.names[: choose.randint(0, len(self.names)) if choose else 0]:
            _rename(names, name, file)
        return {name: file.survived(choose) for name, file in names.items()}


def _rename(names: dict[str, File], name: str, file: File | None) -> None:
    old, _, new = name.rpartition("\0")
    names.pop(old, None)
    if file is None:
        names.pop(new, None)
    else:
        names[new] = file


class Run:
    """One traced run: the disk moves on call by call."""

    def __init__(self, log: Path, disk: Disk, folder: Path) -> None:
        self._log = log
        self._folder = str(folder)
        self._open: dict[str, tuple[str, int, bool]] = {}
        self.disk = disk
        self.said: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """Move on, and yield the name of each call that touched the home or was said."""
        with self._log.open() as log:
            for line in log:
                match = _CALL.match(line.rstrip("\n"))
                if match and int(match[3]) >= 0 and self._do(*match.groups()):
                    yield match[1]

    def _do(self, call: str, words: str, result: str, opened: str | None) -> bool:
        if call == "openat":
            return self._opened(result, _text(opened or ""), words)
        if call in {"rename", "renameat", "renameat2"}:
            old, new = (_text(item) for item in _STRING.findall(words)[:2])
            known = old in self.disk.now
            if known:
                self.disk.rename(old, new)
            return known
        if call in {"unlink", "unlinkat"}:
            path = _text(_STRING.findall(words)[0])
            known = path in self.disk.now
            if known:
                self.disk.name(path, None)
            return known
        descriptor = _FD.match(words)
        assert descriptor is not None, words
        number, data = descriptor[1], _STRING.search(words)
        if number == "1" and data is not None:
            self.said += _bytes(data[1]).decode().splitlines(keepends=True)
            return True
        if call == "close":
            self._open.pop(number, None)
            return False
        return number in self._open and self._touch(call, number, words, data, int(result))

    def _opened(self, number: str, path: str, words: str) -> bool:
        self._open.pop(number, None)
        if not path.startswith(self._folder):
            return False
        self._open[number] = (path, 0, "O_APPEND" in words)
        if "O_CREAT" in words and path not in self.disk.now:
            self.disk.name(path, File())
        elif "O_TRUNC" in words:
            self.disk.now[path].truncate(0)
        return True

    def _touch(
        self, call: str, number: str, words: str, data: re.Match[str] | None, result: int
    ) -> bool:
        path, offset, append = self._open[number]
        file = self.disk.now.get(path)
        if file is None:
            if call in {"fsync", "fdatasync"}:
                self.disk.sync_folder(path)
            return True
        match call:
            case "write":
                assert data is not None
                offset = file.size if append else offset
                file.write(offset, _bytes(data[1])[:result])
                self._open[number] = (path, offset + result, append)
            case "pwrite64":
                assert data is not None
                file.write(int(words.rpartition(",")[2]), _bytes(data[1])[:result])
            case "lseek":
                self._open[number] = (path, result, append)
            case "ftruncate":
                file.truncate(int(words.rpartition(",")[2]))
            case _:
                file.sync()
        return True


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _text(escaped: str) -> str:
    return _bytes(escaped).decode()


def cut_power(folder: Path, images: int, *options: str, seed: int = 1) -> Toll:
    """Mark in the home ``folder``, cut the power so often, compare each disk with what was said.

    Five images stand for one mark, as soon as it is said or a few calls later.
    """
    choose = random.Random(seed)
    home = folder.resolve()
    disk = Disk(home)
    log = home.parent / "calls.log"
    command = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-s",
        "8388608",
        "-e",
        f"trace={CALLS}",
    ]
    child = [sys.executable, "-m", "tests.crash.child", str(home), f"--acts={images // 5}"]
    subprocess.run(
        [*command, "-o", str(log), *child, *options], cwd=ROOT, check=True, capture_output=True
    )
    run = Run(log, disk, home)
    toll = Toll()
    acknowledged = 0
    due: list[int] = []
    for step, _ in enumerate(run):
        marks = sum(line.startswith("mark ") for line in run.said)
        if marks > acknowledged:
            acknowledged = marks
            _examine(home, disk.image(None), run.said, toll)
            due += [step + choose.randint(0, 12) for _ in range(4)]
        while step in due:
            due.remove(step)
            _examine(home, disk.image(choose), run.said, toll)
    return toll


def _examine(home: Path, image: dict[str, bytes], said: list[str], toll: Toll) -> None:
    with tempfile.TemporaryDirectory(prefix="kipp-") as name:
        for path, data in image.items():
            target = Path(name) / Path(path).relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        toll.kills += 1
        try:
            compare(Home(Context(Path(name))), said, toll)
        except KippError as error:
            toll.unsound.append(f"{error.code}: {error.what}")
