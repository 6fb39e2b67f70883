"""Photos and documents from the field: what they are, a travelling copy, a thumbnail.

JPEG, PNG and PDF, recognised by content. The original is only read. The copy of a photo has at most
2,000 px a side and nothing but pixels: no EXIF, no place, no camera. Everything is decoded in a
child process (:mod:`kipp_desktop.exchange.photo_child`): one crafted header asks for gigabytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.errors import KippError
from kipp_desktop.exchange import photo_child
from kipp_desktop.exchange.photo_child import CHILD_ARGUMENT, COPY_SIDE
from kipp_desktop.files import cannot_read
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_FILE = 64 << 20  # bytes
MEMORY_LIMIT = 1536 << 20  # bytes of address space of the child, where the system can limit it
SECONDS = 20  # for one file
#: How many files one child works off: its start costs as much as two photos.
BATCH = 16
#: Names that a folder of a phone or a card is searched for; the content decides.
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".pdf"})


@dataclass(frozen=True)
class Facts:
    """What a file is. ``format`` is ``JPEG``, ``PNG`` or ``PDF``; a PDF has pages and no pixels.

    ``width`` and ``height`` are the original's, upright; ``taken`` is the camera's local time (ISO)
    or empty; ``position`` the degrees north and east or ``None``.
    """

    format: str
    width: int
    height: int
    pages: int
    taken: str
    position: tuple[float, float] | None


@dataclass(frozen=True)
class Job:
    """A file to look at; ``source`` may stand under another name than the user's ``name``.

    ``side`` is the most pixels a side of the copy.
    """

    name: str
    source: Path
    copy: Path
    thumb: Path
    side: int = COPY_SIDE


@dataclass(frozen=True)
class Looked:
    """What came of a file: its facts, or the sentence of why it cannot be used."""

    job: Job
    facts: Facts | None
    problem: KippError | None = None


def in_folder(folder: Path) -> list[Path]:
    """Return the photos and documents of a folder and those below it, in the order of their names.

    Raises :class:`KippError` ``cannot-read``.
    """
    try:
        if not folder.is_dir():
            folder.stat()
            return [folder]
        return sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")
        )
    except OSError as error:
        raise cannot_read(folder, error) from error


def check_size(path: Path) -> int:
    """Return the bytes of a file; raises ``cannot-read``, ``photo-empty`` or ``photo-large``."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise cannot_read(path, error) from error
    if size > MAX_FILE:
        raise _error(path.name, "large", {"limit": MAX_FILE >> 20})
    if not size:
        raise _error(path.name, "empty", {})
    return size


def look(
    jobs: Sequence[Job],
    cancelled: Callable[[], bool] = lambda: False,
    *,
    memory_limit: int = MEMORY_LIMIT,
    seconds: int = SECONDS,
) -> Iterator[Looked]:
    """Look at files in order; each gives facts or a problem, and none stops the others.

    Cancelling ends the child at once and yields no more.
    """
    start = 0
    while start < len(jobs) and not cancelled():
        batch = jobs[start : start + BATCH]
        found = 0
        for answer in _answers(batch, cancelled, memory_limit, seconds):
            yield _looked(batch[found], answer)
            found += 1
        start += found


def _answers(
    batch: Sequence[Job], cancelled: Callable[[], bool], memory_limit: int, seconds: int
) -> Iterator[dict[str, Any]]:
    """Yield an answer a file; where one ends the child, that it is damaged, and then no more."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    # Answers come in a file, because a windowed program may have no standard output.
    with tempfile.TemporaryDirectory(prefix="kipp-photos-", ignore_cleanup_errors=True) as folder:
        wanted, answers = Path(folder, "jobs.json"), Path(folder, "answers.ndjson")
        paths = [
            [str(job.source.absolute()), str(job.copy), str(job.thumb), job.side] for job in batch
        ]
        wanted.write_text(json.dumps(paths), "utf-8")
        answers.touch()
        arguments = [str(wanted), str(answers), str(memory_limit), str(seconds * len(batch))]
        child = subprocess.Popen(  # noqa: S603  our own program
            [*_child_command(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
        )
        try:
            with answers.open("rb") as lines:
                yield from _read_answers(child, lines, len(batch), cancelled, seconds)
        finally:
            child.kill()
            child.wait()


def _read_answers(
    child: subprocess.Popen[bytes],
    lines: Any,
    count: int,
    cancelled: Callable[[], bool],
    seconds: int,
) -> Iterator[dict[str, Any]]:
    given, waiting, since = 0, b"", time.monotonic()
    while given < count:
        ended = child.poll() is not None
        waiting += lines.read()
        *whole, waiting = waiting.split(b"\n")
        for line in whole:
            since = time.monotonic()
            if line != b"{}":
                yield json.loads(line)
                given += 1
        if whole:
            continue
        if cancelled():
            return
        if ended:
            # Killed by a limit, or by the picture: it alone is to blame, the others go on anew.
            yield {"problem": "damaged", "values": {}}
            return
        if time.monotonic() - since > seconds:
            yield {"problem": "time", "values": {"seconds": seconds}}
            return
        time.sleep(0.005)


def _child_command() -> list[str]:
    """Return how the child is started; a frozen program has no interpreter but itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_ARGUMENT]
    return [sys.executable, "-P", photo_child.__file__]


def _looked(job: Job, answer: dict[str, Any]) -> Looked:
    if "problem" in answer:
        return Looked(job, None, _error(job.name, answer["problem"], answer["values"]))
    position = answer["position"]
    return Looked(
        job,
        Facts(
            answer["format"],
            answer["width"],
            answer["height"],
            answer.get("pages", 0),
            answer["taken"],
            None if position is None else (position[0], position[1]),
        ),
    )


def _error(name: str, problem: str, values: dict[str, int]) -> KippError:
    """Say what is wrong with a file, and what to do about it."""
    named: dict[str, object] = {"file": name, **values}
    as_jpeg = Text("Save it as JPEG on the phone or the computer, and take that.")
    again = Text("Copy it again from the phone or the card; the other files were taken.")
    smaller = Text("Save it smaller as JPEG, and take that; the other files were taken.")
    sentences = {
        "damaged": (Text("The file {file} is damaged or cut off.", **named), again),
        "empty": (Text("The file {file} is empty.", **named), again),
        "heic": (
            Text("The file {file} is a HEIC photo; few programs read it.", **named),
            as_jpeg,
        ),
        "large": (Text("The file {file} is larger than {limit} MiB.", **named), smaller),
        "memory": (Text("The photo {file} needs more memory than a photo may.", **named), smaller),
        "other": (
            Text("The file {file} is neither JPEG, PNG nor PDF, whatever its name says.", **named),
            as_jpeg,
        ),
        "password": (
            Text("The file {file} is locked with a password.", **named),
            Text("Save it without a password, and take that."),
        ),
        "time": (
            Text("Reading {file} was stopped because it took longer than {seconds} s.", **named),
            smaller,
        ),
        "video": (
            Text("The file {file} is a video; photos and documents are taken.", **named),
            Text("Keep it apart, and say in the note what it shows."),
        ),
    }
    if problem == "pixels":
        what = Text(
            "The photo {file} claims to be {width} × {height} pixels; that is more than a photo "
            "may have.",
            **named,
        )
        return KippError("photo-pixels", what, smaller)
    what, next_step = sentences[problem]
    return KippError(f"photo-{problem}", what, next_step)
