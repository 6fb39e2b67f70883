"""What was published, and what was attached to it afterwards; nothing here changes what is signed.

Where the documents were written, and scans of what was signed by hand, are known to this laptop
only: a scan is kept as a blob and named in a document of the database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import MEMBERS
from kipp_desktop.domain.rule_words import ROLE_TEXTS
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.words import words_of
from kipp_desktop.files import cannot_read
from kipp_desktop.services.approvals import Approval, approvals_of, asked, members, roles_missing
from kipp_desktop.services.publishing import MINUTES, Publication, check_publishable, publish
from kipp_desktop.services.standing import standing
from kipp_desktop.storage.blobs import Blobs
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

_WRITTEN = "published"
_SCANS = "scans"
#: A scan of some pages has a few megabytes; this is a film or a mistake.
LARGEST_SCAN = 64 << 20
_BEGINNINGS = (b"%PDF", b"\x89PNG\r\n", b"\xff\xd8\xff")


@dataclass(frozen=True)
class WrittenFile:
    """A file of a publication: its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Scan:
    """A scan of the minutes signed by hand; ``results`` is the record that it belongs to."""

    name: str
    size: int
    sha256: str
    at: str
    results: str


@dataclass(frozen=True)
class Issue:
    """The last publication: ``folder`` is where this laptop wrote it, where that is known."""

    results: str
    at: str
    final: bool
    folder: Path | None
    files: tuple[WrittenFile, ...]


@dataclass(frozen=True)
class ResultsView:
    """What the page of results shows. ``obstacle`` is what stands before a publication.

    ``words`` are what people said of the last results, and whose word is asked for; ``lacking``
    the approvals that are not here.
    """

    obstacle: KippError | None
    issue: Issue | None
    scans: tuple[Scan, ...]
    desk_words: str
    desk_fingerprint: str
    words: tuple[Word, ...] = ()
    lacking: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Word:
    """A person and what they said of the last results; ``asked`` where the plan wants it."""

    person: str
    name: str
    roles: tuple[str, ...]
    asked: bool
    said: Approval | None


def results_view(panel: Panel) -> ResultsView:
    """Return what is missing before publishing, and what was published."""
    obstacle = None
    try:
        check_publishable(panel, standing(panel))
    except KippError as error:
        obstacle = error
    issue = last_issue(panel)
    said = approvals_of(panel, issue.results) if issue is not None else []
    planned = panel.state.plan is not None
    return ResultsView(
        obstacle,
        issue,
        scans(panel),
        words_of(panel.desk),
        panel.desk,
        tuple(_words(panel, said)) if planned else (),
        tuple(lacking_texts(panel.setup, said)) if planned else (),
    )


def _words(panel: Panel, said: list[Approval]) -> Iterator[Word]:
    """Yield those who are asked, then everybody else of the panel; observers only where asked."""
    setup = panel.setup
    by_person = {item.person: item for item in said}
    wanted = {person.id for person in asked(setup)}
    others = {person.id for person in members(setup)} | by_person.keys()
    for first in (True, False):
        for person in setup.persons:
            if person.id in (wanted if first else others - wanted):
                yield Word(person.id, person.name, person.roles, first, by_person.get(person.id))


def lacking_texts(setup: Setup, said: Iterable[Approval]) -> Iterator[Text]:
    """Yield which approvals are missing that the plan asks for, and who could give them."""
    said = list(said)
    agreed = {item.person for item in said if item.dissent is None}
    for role in roles_missing(setup, said):
        if role == MEMBERS:
            names = tuple(person.name for person in members(setup) if person.id not in agreed)
            yield Text("The approval of every member is asked for; missing: {names}.", names=names)
            continue
        names = tuple(person.name for person in setup.persons if person.has(role))
        yield (
            Text("Approval as {role} is missing: {names}.", role=ROLE_TEXTS[role], names=names)
            if names
            else Text(
                "Approval as {role} is asked for, and nobody in the plan holds that role.",
                role=ROLE_TEXTS[role],
            )
        )


def last_issue(panel: Panel) -> Issue | None:
    """Return the last publication, ``None`` before the first."""
    if not panel.state.publications:
        return None
    record = panel.state.publications[-1]
    written = panel.workbench.document(_WRITTEN) or {}
    known = written.get("results") == record.body["results"]
    documents: list[dict[str, object]] = (
        written["files"] if known else record.body["documents"]  # type: ignore[assignment]
    )
    return Issue(
        str(record.body["results"]),
        record.at,
        bool(record.body["final"]),
        Path(written["folder"]) if known else None,
        tuple(
            WrittenFile(str(one["name"]), int(str(one["size"])), str(one["sha256"]))
            for one in documents
        ),
    )


def publish_and_note(home: Home, panel: Panel, out: Path, number: str = "") -> Publication:
    """Publish, and note on this laptop where the documents stand; raises as ``publish``."""
    made = publish(home, panel, out, number)
    panel.workbench.set_document(
        _WRITTEN,
        {
            "files": [
                {"name": path.name, "sha256": sha256, "size": path.stat().st_size}
                for path, sha256 in made.files
            ],
            "folder": str(out.absolute()),
            "results": made.results,
        },
    )
    return replace(made, changes=made.changes | Changes.of("results"))


def minutes_pdf(panel: Panel) -> bytes | None:
    """Return the minutes as last published, ``None`` before the first publication."""
    if not panel.state.publications:
        return None
    documents: list[dict[str, object]] = panel.state.publications[-1].body["documents"]  # type: ignore[assignment]
    sha256 = next((str(one["sha256"]) for one in documents if one["name"] == MINUTES), "")
    return panel.blobs.get(sha256) if sha256 else None


def attach_scan(home: Home, panel: Panel, path: Path) -> Changes:
    """Keep a scan of the minutes that were signed by hand.

    Raises :class:`KippError` with code ``cannot-read``, ``not-a-scan`` or ``no-results``.
    """
    issue = last_issue(panel)
    if issue is None:
        raise KippError(
            "no-results",
            Text("There are no minutes yet that could have been signed."),
            Text("Publish the results first."),
        )
    try:
        if path.stat().st_size > LARGEST_SCAN:
            raise _not_a_scan(path)
        data = path.read_bytes()
    except OSError as error:
        raise cannot_read(path, error) from error
    if not data.startswith(_BEGINNINGS):
        raise _not_a_scan(path)
    sha256 = hashlib.sha256(data).hexdigest()
    listed = panel.workbench.document(_SCANS) or []
    if any(one["sha256"] == sha256 and one["results"] == issue.results for one in listed):
        return Changes()
    _scan_blobs(panel).put(data)
    listed.append(
        {
            "at": home.context.at(),
            "name": path.name,
            "results": issue.results,
            "sha256": sha256,
            "size": len(data),
        }
    )
    panel.workbench.set_document(_SCANS, listed)
    return Changes.of("results")


def scans(panel: Panel) -> tuple[Scan, ...]:
    """Return the scans that were attached, latest first."""
    listed = panel.workbench.document(_SCANS) or []
    return tuple(
        Scan(one["name"], one["size"], one["sha256"], one["at"], one["results"])
        for one in reversed(listed)
    )


def _scan_blobs(panel: Panel) -> Blobs:
    # Blobs of their own: those of the competition travel in hasil.kipp, and this is a local paper.
    return Blobs(panel.folder / "scans")


def _not_a_scan(path: Path) -> KippError:
    return KippError(
        "not-a-scan",
        Text("{file} is not a scan: it is no PDF, PNG or JPEG, or too large.", file=path.name),
        Text("Scan the signed pages as PDF or photograph them, and attach that file."),
    )
