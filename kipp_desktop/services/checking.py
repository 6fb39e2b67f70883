"""Checking a result, with no home at all: what an outsider can know from the files.

A signature alone says "whole". Who signed is known only by comparing the desk's words or
fingerprint with those in the minutes that were signed by hand.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.records import Record
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle, Ledger
from kipp_desktop.exchange.keys import competition_id
from kipp_desktop.exchange.ledger_file import LedgerFile, read_ledger
from kipp_desktop.exchange.words import same_words, words_of
from kipp_desktop.files import cannot_read
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.publishing import places_json
from kipp_desktop.services.standing import standing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.ranking import Standing
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.context import Context


@dataclass(frozen=True)
class Check:
    """One promise and whether it holds; ``detail`` says what was found."""

    name: str
    ok: bool
    detail: Text


@dataclass(frozen=True)
class Verification:
    """What checking found. ``signer`` is ``compared`` or ``not compared``.

    ``recomputed`` is the ranking as computed anew, with its setup, where a file had results.
    """

    checks: tuple[Check, ...]
    signer: str
    recomputed: Standing | None = None
    setup: Setup | None = None

    @property
    def ok(self) -> bool:
        """Whether every promise holds."""
        return all(check.ok for check in self.checks)


def verify(context: Context, files: Sequence[Path], desk_words: str | None = None) -> Verification:
    """Check ``.kipp`` files and signed PDFs together.

    Raises :class:`KippError` with code ``cannot-read`` only when a path cannot be read.
    """
    data = [(path, _read(path)) for path in files]
    checker = _Checker(context, desk_words)
    bundles = [(path, raw) for path, raw in data if not raw.startswith(b"%PDF")]
    for number, (path, _) in enumerate(bundles):
        context.step(number / (len(bundles) + 1), Text("Checking {file}", file=path.name))
        checker.bundle(path)
    for path, raw in data:
        if raw.startswith(b"%PDF"):
            checker.pdf(path)
    checker.signer()
    context.progress(1.0, Text("Done"))
    return Verification(
        tuple(checker.checks),
        "compared" if checker.compared else "not compared",
        checker.recomputed,
        checker.setup,
    )


def _read(path: Path) -> bytes:
    """Return the first bytes of a file; only an unreadable path is an error here."""
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as error:
        raise cannot_read(path, error) from error


class _Checker:
    """Gathers what several files say of one competition."""

    def __init__(self, context: Context, desk_words: str | None) -> None:
        self._context = context
        self._words = desk_words
        self.checks: list[Check] = []
        self.compared = False
        self.recomputed: Standing | None = None
        self.setup: Setup | None = None
        self._desks: set[str] = set()
        self._documents: dict[str, dict[str, Any]] = {}
        self._certificate: str | None = None
        self._published_at: str | None = None

    def _add(self, name: str, ok: bool, detail: Text) -> None:
        self.checks.append(Check(name, ok, detail))

    # -- .kipp files

    def bundle(self, path: Path) -> None:
        """Check one ``.kipp`` file."""
        try:
            with Bundle.open(path) as bundle:
                self._add(
                    "bytes",
                    True,
                    Text("{file}: every byte is as it was written.", file=path.name),
                )
                files = _ledgers(bundle)
                self._add(
                    "signatures",
                    True,
                    Text(
                        "{file}: {count} ledgers are whole, in order and signed by their keys.",
                        file=path.name,
                        count=len(files),
                    ),
                )
                desk = _desk(bundle, files)
                self._desks.add(desk.author)
                self._recompute(path, bundle, desk, files)
        except KippError as error:
            self._add(error.code, False, Text("{file}: {what}", file=path.name, what=error.what))

    def _recompute(
        self, path: Path, bundle: Bundle, desk: LedgerFile, files: dict[str, LedgerFile]
    ) -> None:
        results = [record for record in desk.records if record.kind == "results"]
        self._certificate = str(desk.records[0].body["certificate"] or "") or None
        publications = [record for record in desk.records if record.kind == "publication"]
        if not results:
            self._add("results", True, Text("{file}: it carries no results yet.", file=path.name))
            return
        last = results[-1]
        if bundle.forks_count():
            self._add("forks", False, Text("A key has signed two different ledgers."))
        self._cited(last, files, desk)
        with (
            tempfile.TemporaryDirectory(prefix="kipp-") as folder,
            Panel(Path(folder) / "panel", bundle.competition, desk.author) as panel,
        ):
            for name in bundle.blobs():
                panel.blobs.put_chunks(name, bundle.blob_chunks(name))
            panel.take_part(desk, last.seq - 1)
            for author, file in files.items():
                if author != desk.author:
                    panel.take_part(file, file.seq)
            result = standing(panel)
            self.recomputed, self.setup = result, panel.setup
            difference = _difference(panel.setup, last.body["places"], places_json(result))
        self._add(
            "ranking",
            difference is None and result.complete,
            difference
            or (
                Text("Places and awards, computed anew from the signed sheets, are the same.")
                if result.complete
                else Text("Sheets that the rules require are missing.")
            ),
        )
        if publications:
            publication = publications[-1]
            self._published_at = publication.at
            documents: Any = publication.body["documents"]
            self._documents |= {item["name"]: item for item in documents}
            ok = publication.body["results"] == last.id
            self._add(
                "publication",
                ok,
                Text("The published documents belong to these results.")
                if ok
                else Text("The published documents belong to other results."),
            )
            self._carried(bundle)

    def _cited(self, results: Record, files: dict[str, LedgerFile], desk: LedgerFile) -> None:
        """Every ledger that results, closings and receipts cite must be here, that far."""
        ids = {author: {record.id for record in file.records} for author, file in files.items()}
        cited: list[tuple[str, str]] = []
        for record in desk.records:
            if record.kind in {"results", "closing", "receipt"} and record.seq <= results.seq:
                heads: Any = record.body["heads"]
                cited += list(heads.items())
        missing = sorted({key for key, head in cited if head not in ids.get(key, set())})
        self._add(
            "heads",
            not missing,
            Text("Every ledger that the desk cites is here, to its last cited record.")
            if not missing
            else Text(
                "Records are missing that the desk cites (keys {keys}).",
                keys=", ".join(key[:12] for key in missing),
            ),
        )

    def _carried(self, bundle: Bundle) -> None:
        """Check the seal of the minutes that the file itself carries."""
        for name, item in self._documents.items():
            data = bundle.blob(item["sha256"])
            if data is not None and data.startswith(b"%PDF"):
                self._seal(name, data)

    # -- PDFs

    def pdf(self, path: Path) -> None:
        """Check one signed PDF: alone, or against what the results say of it."""
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        known = [item for item in self._documents.values() if item["name"].endswith(".pdf")]
        if known:
            if any(item["sha256"] == sha256 for item in known):
                detail = Text("{file} is the document as published.", file=path.name)
                self._add("document", True, detail)
            elif any(self._continues(data, item) for item in known):
                detail = Text(
                    "{file} is the document as published, with signatures added later.",
                    file=path.name,
                )
                self._add("document", True, detail)
            else:
                detail = Text("{file} is not the document that was published.", file=path.name)
                self._add("document", False, detail)
        self._seal(path.name, data)

    def _continues(self, data: bytes, item: dict[str, Any]) -> bool:
        """Return whether a PDF is a published one with signatures behind it, and nothing else."""
        from kipp_desktop.documents.pdf_checking import is_published_revision

        try:
            return is_published_revision(data, item["sha256"], item["size"], self._at())
        except KippError:
            return False

    def _seal(self, name: str, data: bytes) -> None:
        from kipp_desktop.documents.pdf_checking import check_pdf

        try:
            report = check_pdf(
                data, self._certificate.encode() if self._certificate else None, self._at()
            )
        except KippError as error:
            self._add("seal", False, Text("{file}: {what}", file=name, what=error.what))
            return
        if not report.signatures:
            self._add("seal", False, Text("{file} has no seal.", file=name))
            return
        ok = not report.problems
        self._add(
            "seal",
            ok,
            Text(
                "{file}: the seal is intact ({signer}).",
                file=name,
                signer=report.signatures[0].signer,
            )
            if ok
            else Text("{file}: {problems}", file=name, problems=tuple(report.problems)),
        )

    def _at(self) -> datetime:
        if self._published_at:
            return datetime.fromisoformat(self._published_at)
        return self._context.clock()

    # -- who

    def signer(self) -> None:
        """Compare the desk's words where they were given."""
        if len(self._desks) > 1:
            self._add("desk", False, Text("The files are from different desks."))
        if self._words is None:
            return
        self.compared = True
        wanted = self._words.strip().lower()
        for desk in self._desks:
            ok = wanted == desk or same_words(self._words, desk)
            self._add(
                "signer",
                ok,
                Text("The desk's key is the one whose words were given.")
                if ok
                else Text("The desk's words are “{words}”, not those given.", words=words_of(desk)),
            )
        if not self._desks:
            self._add("signer", False, Text("There is no desk's ledger to compare the words with."))


def _ledgers(bundle: Bundle) -> dict[str, LedgerFile]:
    found = {}
    for ledger in bundle.ledgers():
        found[ledger.name] = _checked(bundle, ledger, ledger.name)
    for fork in bundle.forks():
        _checked(bundle, fork, None)
    return found


def _checked(bundle: Bundle, ledger: Ledger, author: str | None) -> LedgerFile:
    return read_ledger(ledger.data, ledger.signature, author=author, competition=bundle.competition)


def _desk(bundle: Bundle, files: dict[str, LedgerFile]) -> LedgerFile:
    """Return the desk's ledger: its key and the nonce of its first plan make the competition."""
    for file in files.values():
        if not file.is_desk:
            continue
        for record in file.records:
            if record.kind == "plan":
                nonce = bytes.fromhex(str(record.body["nonce"]))
                if competition_id(file.blob, nonce) == bundle.competition:
                    return file
                break
    raise KippError(
        "no-desk",
        Text("The ledger of the competition's desk is not in it."),
        Text("Ask the organiser for the whole file."),
    )


def _difference(setup: Setup, published: Any, computed: Any) -> Text | None:
    """Return what first differs between the published and the recomputed places."""
    if published == computed:
        return None
    places = {
        item["entry"]: (item["place"], item["exact"], item["award"])
        for group in computed
        for item in group["entries"]
    }
    for group in published:
        for item in group["entries"]:
            found = places.get(item["entry"])
            if found != (item["place"], item["exact"], item["award"]):
                entry = setup.entry_by_id.get(item["entry"])
                return Text(
                    "Entry {number} was published with place {published}, computed anew it has "
                    "{computed}.",
                    number=entry.number if entry else "?",
                    published=str(item["place"]),
                    computed=str(found[0]) if found else "-",
                )
    return Text("The published ranking differs from the one computed anew.")
