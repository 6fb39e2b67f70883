"""Photos and documents on their way into a visit, and out of it onto a page.

Bringing them in touches no database, so that it can run beside everything else: the original is
kept as it is, a copy without EXIF is made to travel, and what came of each file is told.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.domain.visit import Evidence
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.photos import BATCH, Job, Looked, check_size, in_folder, look
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from kipp_desktop.domain.visit import Visit
    from kipp_desktop.services.context import Context
    from kipp_desktop.storage.blobs import Blobs

#: Pixels a side of a photo on a printed page: 150 dots an inch over half its width.
PRINT_SIDE = 1000
#: Pixels a side of a small picture on the screen.
THUMB_SIDE = 240

__all__ = [
    "PRINT_SIDE",
    "THUMB_SIDE",
    "Brought",
    "Shelf",
    "attach",
    "bring",
    "images",
    "in_folder",
]


@dataclass(frozen=True)
class Shelf:
    """Where the files of a competition stand on this laptop; no database is among them."""

    originals: Blobs
    copies: Blobs


@dataclass(frozen=True)
class Brought:
    """What came of some files: the evidence, the reasons of those that cannot be used.

    ``known`` files were brought before. ``cancelled``: those behind were not looked at; what was
    taken is whole, and bringing all of them again goes on from there.
    """

    evidence: tuple[Evidence, ...] = ()
    problems: tuple[KippError, ...] = ()
    known: int = 0
    cancelled: bool = False

    def __add__(self, other: Brought) -> Brought:
        """Return both together."""
        return Brought(
            self.evidence + other.evidence,
            self.problems + other.problems,
            self.known + other.known,
            self.cancelled or other.cancelled,
        )


class _StoppedError(Exception):
    """The user stopped while a file was copied."""


def bring(
    context: Context, shelf: Shelf, files: Sequence[Path], known: Collection[str] = ()
) -> Iterator[Brought]:
    """Bring files in, some at a time; ``known`` are the originals that the visit has already.

    Progress is told and cancelling asked for between pieces of a file.
    """
    total = len(files)
    seen = set(known)
    for start in range(0, total, BATCH):
        batch = files[start : start + BATCH]
        context.progress(start / total, _told(start, total))
        found = _batch(context, shelf, batch, seen, start, total)
        yield found
        if found.cancelled:
            return
    context.progress(1.0, Text("Done"))


def _told(done: int, total: int) -> Text:
    return Text("Photo {number} of {total}", number=min(done + 1, total), total=total)


def _batch(  # noqa: PLR0917 - one batch of many
    context: Context,
    shelf: Shelf,
    files: Sequence[Path],
    seen: set[str],
    start: int,
    total: int,
) -> Brought:
    def step(_bytes: int) -> None:
        if context.cancelled():
            raise _StoppedError

    jobs: list[Job] = []
    names: list[str] = []
    evidence: list[Evidence] = []
    problems: list[KippError] = []
    known = 0
    before = set(shelf.originals.all())
    with tempfile.TemporaryDirectory(prefix="kipp-photos-", ignore_cleanup_errors=True) as folder:
        for path in files:
            try:
                check_size(path)
                sha256 = shelf.originals.put_file(path, step)
            except KippError as error:
                problems.append(error)
                continue
            except _StoppedError:
                break
            if sha256 in seen:
                known += 1
                continue
            seen.add(sha256)
            target = Path(folder, str(len(jobs)))
            source = shelf.originals.path(sha256)
            jobs.append(Job(path.name, source, target, target.with_suffix(".small")))
            names.append(sha256)
        for sha256, looked in zip(names, look(jobs, context.cancelled), strict=False):
            context.progress((start + len(evidence)) / total, _told(start + len(evidence), total))
            if looked.problem is not None:
                problems.append(looked.problem)
                if sha256 not in before:
                    shelf.originals.forget(sha256)
                seen.discard(sha256)
            else:
                evidence.append(_taken(shelf, sha256, looked))
    stopped = len(evidence) + len(problems) + known < len(files)
    return Brought(tuple(evidence), tuple(problems), known, stopped)


def _taken(shelf: Shelf, sha256: str, looked: Looked) -> Evidence:
    """Keep the copy that travels; a document travels as it is."""
    facts = looked.facts
    assert facts is not None
    document = facts.format == "PDF"
    source = shelf.originals.path(sha256) if document else looked.job.copy
    copy = shelf.copies.put_file(source, lambda _bytes: None)
    return Evidence(
        "document" if document else "photo",
        original=sha256,
        copy=copy,
        name=looked.job.name,
        taken=facts.taken,
        position=facts.position,
    )


# -- in a visit ------------------------------------------------------------------------------------


def attach(visit: Visit, claim: str, evidence: Sequence[Evidence]) -> Visit:
    """Return the visit with evidence added to a claim, none of it twice there."""
    return replace(
        visit,
        findings=tuple(
            replace(
                one,
                evidence=(
                    *one.evidence,
                    *(
                        item
                        for item in evidence
                        if item.original is None
                        or item.original not in {known.original for known in one.evidence}
                    ),
                ),
            )
            if one.id == claim
            else one
            for one in visit.findings
        ),
    )


# -- on a page or a screen -------------------------------------------------------------------------


def images(
    copies: Blobs,
    wanted: Sequence[str],
    side: int = PRINT_SIDE,
    cancelled: Callable[[], bool] = lambda: False,
) -> Mapping[str, bytes]:
    """Return travelling copies as JPEG of at most ``side`` pixels, by SHA-256.

    They are decoded anew in a child process: what another laptop sent is foreign. What is not here
    or no photo is left out.
    """
    held = [name for name in dict.fromkeys(wanted) if copies.has(name)]
    found = {}
    with tempfile.TemporaryDirectory(prefix="kipp-photos-", ignore_cleanup_errors=True) as folder:
        jobs = [
            Job(
                name[:12],
                copies.path(name),
                Path(folder, name),
                Path(folder, name + ".small"),
                side,
            )
            for name in held
        ]
        for looked in look(jobs, cancelled):
            if looked.facts is not None:
                small = looked.facts.format == "PDF"
                path = looked.job.thumb if small else looked.job.copy
                found[looked.job.copy.name] = path.read_bytes()
                looked.job.copy.unlink(missing_ok=True)
                looked.job.thumb.unlink()
    return found
