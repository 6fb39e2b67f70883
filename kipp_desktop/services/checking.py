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

from kipp_desktop.domain.competition import rules_json
from kipp_desktop.domain.doubts import cites_less
from kipp_desktop.domain.fold import read_desk
from kipp_desktop.domain.records import Record
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle, Ledger
from kipp_desktop.exchange.keys import competition_id
from kipp_desktop.exchange.ledger_file import LedgerFile, read_ledger
from kipp_desktop.exchange.words import same_words, words_of
from kipp_desktop.files import cannot_read
from kipp_desktop.services.approvals import approval_sentences, approvals_in, roles_missing
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.publishing import places_json
from kipp_desktop.services.standing import RULE_TEXTS, standing, status
from kipp_desktop.services.trust import rollback_text
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.ranking import Standing
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.approvals import Approval
    from kipp_desktop.services.context import Context
    from kipp_desktop.services.standing import PersonStatus


@dataclass(frozen=True)
class Check:
    """One promise and whether it holds; ``detail`` says what was found."""

    name: str
    ok: bool
    detail: Text


@dataclass(frozen=True)
class Verification:
    """What checking found. ``signer`` is ``compared`` or ``not compared``.

    ``recomputed`` is the ranking as computed anew, with its setup, where a file had results; then
    ``results`` is the id of their record, ``people`` who judged, ``said`` the approvals that the
    file carries, and ``final`` whether they were published as final.
    """

    checks: tuple[Check, ...]
    signer: str
    recomputed: Standing | None = None
    setup: Setup | None = None
    results: str = ""
    people: tuple[PersonStatus, ...] = ()
    said: tuple[Approval, ...] = ()
    final: bool = False

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
        checker.results,
        checker.people,
        checker.said,
        checker.final,
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
        self.results = ""
        self.people: tuple[PersonStatus, ...] = ()
        self.said: tuple[Approval, ...] = ()
        self.final = False
        self._desks: set[str] = set()
        self._documents: dict[str, dict[str, Any]] = {}
        self._certificate: str | None = None
        self._published_at: str | None = None
        self._branch_ids: dict[str, set[str]] = {}

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
                self._branch_ids = {}
                self._recompute(path, bundle, desk, files)
        except KippError as error:
            self._add(error.code, False, Text("{file}: {what}", file=path.name, what=error.what))

    def _recompute(
        self, path: Path, bundle: Bundle, desk: LedgerFile, files: dict[str, LedgerFile]
    ) -> None:
        self._certificate = str(desk.records[0].body["certificate"] or "") or None
        results = [record for record in desk.records if record.kind == "results"]
        self._forks(bundle, desk, files)
        self._seen(desk, files)
        if not results:
            self._add("results", True, Text("{file}: it carries no results yet.", file=path.name))
            self._limits()
            return
        last = results[-1]
        self._cited(last, files, desk)
        with (
            tempfile.TemporaryDirectory(prefix="kipp-") as folder,
            Panel(Path(folder) / "panel", bundle.competition, desk.author) as panel,
        ):
            for name in bundle.blobs():
                panel.blobs.put_chunks(name, bundle.blob_chunks(name))
            panel.take_part(desk, last.seq - 1)
            heads: Any = last.body["heads"]
            for author, file in files.items():
                # What came after the results does not belong to them.
                seq = next((r.seq for r in file.records if r.id == heads.get(author)), 0)
                if author != desk.author and seq:
                    panel.take_part(file, seq)
            result = standing(panel)
            self.recomputed, self.setup, self.results = result, panel.setup, last.id
            self.people = status(panel).people
            difference = _difference(panel.setup, last.body["places"], places_json(result))
            rules_kept = last.body["rules"] == rules_json(panel.setup.rules)
            plan = panel.state.plan
            self._add(
                "plan",
                rules_kept and plan is not None and plan.id == last.body["plan"],
                Text(
                    "The results use the rules of the plan in force (revision {n}).",
                    n=(plan.revision if plan else 0),
                )
                if rules_kept
                else Text("The results name other rules than the plan in force."),
            )
            self._admissions(panel)
            self._closings(panel)
            self._sheets(panel)
        self._add(
            "ranking",
            difference is None and result.complete,
            difference
            or (
                Text("Places and awards, computed anew from the signed sheets, are the same.")
                if result.complete
                else Text("Sheets that the rules require are missing, or something is undecided.")
            ),
        )
        self._publication(bundle, desk, files, last)
        self._limits()

    def _publication(
        self, bundle: Bundle, desk: LedgerFile, files: dict[str, LedgerFile], last: Record
    ) -> None:
        publications = [record for record in desk.records if record.kind == "publication"]
        final = False
        if publications:
            publication = publications[-1]
            final = self.final = publication.body["final"] is True
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
        self._approvals(desk, files, last, final=final)
        if publications:
            self._carried(bundle)

    def _forks(self, bundle: Bundle, desk: LedgerFile, files: dict[str, LedgerFile]) -> None:
        """Name every key of which two branches are here, and whether the panel settled it."""
        revoked = {r.body["key"] for r in desk.records if r.kind == "revocation"}
        for fork in bundle.forks():
            file = _checked(bundle, fork, None)
            self._branch_ids.setdefault(file.author, set()).update(r.id for r in file.records)
        authors = sorted(self._branch_ids)
        for author in authors:
            settled = author in revoked and author != desk.author
            self._add(
                "forks",
                settled,
                Text(
                    "The key {key} has signed two different ledgers; the desk revoked it and said "
                    "which of them stands.",
                    key=author[:12],
                )
                if settled
                else Text("The key {key} has signed two different ledgers.", key=author[:12]),
            )
        if not authors:
            self._add(
                "forks",
                True,
                Text(
                    "Each of {count} keys has signed one ledger, without a gap.", count=len(files)
                ),
            )

    def _seen(self, desk: LedgerFile, files: dict[str, LedgerFile]) -> None:
        """Check that what members had seen of the desk's ledger is in it."""
        known = {record.id for record in desk.records} | {""}
        lost = sorted(
            author
            for author, file in files.items()
            if any(record.seen not in known for record in file.records)
        )
        self._add(
            "seen",
            not lost,
            Text("Every record of the desk that members had seen is in the desk's ledger.")
            if not lost
            else Text(
                "Members had seen records of the desk that its ledger does not have: the desk "
                "forked or was rolled back (keys {keys}).",
                keys=", ".join(key[:12] for key in lost),
            ),
        )

    def _admissions(self, panel: Panel) -> None:
        keys = panel.state.keys
        strangers = sorted(
            key.key for key in keys.values() if key.person not in panel.setup.person_by_id
        )
        waiting = [
            row for row in panel.projection.ledgers() if not row.desk and row.author not in keys
        ]
        self._add(
            "admissions",
            not strangers,
            Text(
                "The desk admitted {count} keys, {compared} of them after comparing words; "
                "{waiting} keys that are here were not admitted and count nowhere.",
                count=len(keys),
                compared=sum(key.compared == "words" for key in keys.values()),
                waiting=len(waiting),
            )
            if not strangers
            else Text(
                "Keys were admitted for persons who are not in the plan ({keys}).",
                keys=", ".join(key[:12] for key in strangers),
            ),
        )

    def _closings(self, panel: Panel) -> None:
        stages = panel.setup.rules.counted()
        open_stages = [stage.name for stage in stages if stage.id not in panel.state.closings]
        self._add(
            "closings",
            not open_stages,
            Text("Every stage with a score was closed before these results.")
            if not open_stages
            else Text(
                "Stages were not closed before these results: {names}.",
                names=", ".join(open_stages),
            ),
        )

    def _sheets(self, panel: Panel) -> None:
        """Say of every signed sheet that it counts, or which rule stopped it."""
        setup = panel.setup
        stopped = []
        counted = 0
        for stage in setup.rules.counted():
            counted += len(panel.projection.counted(stage.id))
            stopped += [(stage.name, *row) for row in panel.projection.stopped(stage.id)]
        self._add(
            "sheets",
            True,
            Text(
                "{counted} signed sheets count, {stopped} do not; each of these is named with the "
                "rule that stopped it.",
                counted=counted,
                stopped=len(stopped),
            ),
        )
        for name, judge, _, _, entry, rule in stopped:
            found = setup.entry_by_id.get(entry)
            self._add(
                "sheet",
                True,
                Text(
                    "{stage}: a sheet of {judge} for entry {number} does not count: {rule}.",
                    stage=name,
                    judge=setup.name_of(judge),
                    number=found.number if found else "?",
                    rule=RULE_TEXTS[rule],
                ),
            )

    def _approvals(
        self,
        desk: LedgerFile,
        files: dict[str, LedgerFile],
        last: Record,
        *,
        final: bool,
    ) -> None:
        """Say who agreed and who dissents; a final publication has every approval asked for."""
        setup = self.setup
        assert setup is not None
        own = [r for file in files.values() for r in file.records if r.kind == "approval"]
        found = approvals_in(
            setup,
            read_desk(desk.author, desk.records),
            [record for record in own if record.author != desk.author],
            last.id,
        )
        self.said = tuple(found)
        missing = roles_missing(setup, found)
        said = tuple(approval_sentences(setup, found))
        asked = setup.rules.approvals
        for sentence in said:
            self._add("approval", True, sentence)
        if not asked:
            self._add("approvals", True, Text("The plan asks for no approval."))
        elif not missing:
            self._add(
                "approvals",
                True,
                Text(
                    "Every approval that the plan asks for is here ({roles}).",
                    roles=", ".join(asked),
                ),
            )
        else:
            self._add(
                "approvals",
                not final,
                Text(
                    "Approvals are still missing ({roles}); this is a draft.",
                    roles=", ".join(missing),
                )
                if not final
                else Text(
                    "It was published as final without the approvals asked for ({roles}).",
                    roles=", ".join(missing),
                ),
            )

    def _limits(self) -> None:
        """Say what no file can show."""
        self._add(
            "limits",
            True,
            Text(
                "From the file alone it cannot be excluded that later results exist; ask the "
                "organiser."
            ),
        )
        self._add(
            "times",
            True,
            Text("Times are what each laptop's clock said; nothing here proves them."),
        )

    def _cited(self, results: Record, files: dict[str, LedgerFile], desk: LedgerFile) -> None:
        """Every ledger that results, closings and receipts cite must be here, that far."""
        seqs = {
            author: {record.id: record.seq for record in file.records}
            for author, file in files.items()
        }
        forked = self._branch_ids
        cited: list[tuple[str, str]] = []
        for record in desk.records:
            if record.kind in {"results", "closing", "receipt"} and record.seq <= results.seq:
                heads: Any = record.body["heads"]
                cited += list(heads.items())
        missing = sorted(
            {
                key
                for key, head in cited
                if head not in seqs.get(key, {}) and head not in forked.get(key, set())
            }
        )
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
        exempt = {str(r.body["key"]) for r in desk.records if r.kind == "revocation"} | set(forked)
        less = cites_less(desk.records, lambda key, head: seqs.get(key, {}).get(head), exempt)
        self._add(
            "receipts",
            not less,
            Text("Closings and results cite all that was receipted before.")
            if not less
            else rollback_text(less[0]),
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
