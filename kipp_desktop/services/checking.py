"""Checking a result, with no home at all: what an outsider can know from the files.

A signature alone says "whole". Who signed is known only by comparing the desk's words or
fingerprint with those in the minutes that were signed by hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.exchange.desk_ledger import desk_ledger
from kipp_desktop.exchange.ledger_file import read_ledger
from kipp_desktop.exchange.words import same_words, words_of
from kipp_desktop.files import cannot_read
from kipp_desktop.services.checking_documents import Documents, check_publication
from kipp_desktop.services.checking_ledgers import LedgerChecks
from kipp_desktop.services.checking_results import check_approvals, check_results
from kipp_desktop.services.checks import Check, Report, Verification
from kipp_desktop.services.context import collector_at_rest
from kipp_desktop.services.reading import Reading
from kipp_desktop.services.standing import people_status
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kipp_desktop.domain.records import Record
    from kipp_desktop.exchange.ledger_file import LedgerFile
    from kipp_desktop.services.context import Context

__all__ = ["Check", "Verification", "verify"]


def verify(context: Context, files: Sequence[Path], desk_words: str | None = None) -> Verification:
    """Check ``.kipp`` files and signed PDFs together.

    Raises :class:`KippError` with code ``cannot-read`` only when a path cannot be read.
    """
    pdfs = [path for path in files if _beginning(path).startswith(b"%PDF")]
    bundles = [path for path in files if path not in pdfs]
    checker = _Checker(context)
    for number, path in enumerate(bundles):
        context.step(number / (len(bundles) + 1), Text("Checking {file}", file=path.name))
        with collector_at_rest():
            checker.bundle(path)
    for path in pdfs:
        checker.documents.check_file(path)
    compared = checker.signer(desk_words)
    checker.say_limits()
    context.progress(1.0, Text("Done"))
    return replace(
        checker.found,
        checks=tuple(checker.report.checks),
        signer="compared" if compared else "not compared",
    )


def _beginning(path: Path) -> bytes:
    """Return the first bytes of a file; only an unreadable path is an error here."""
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as error:
        raise cannot_read(path, error) from error


class _Checker:
    """Gathers what several files say of one competition."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.report = Report()
        self.documents = Documents(self.report, context.clock)
        self.found = Verification((), "")
        self._desks: set[str] = set()

    # -- .kipp files

    def bundle(self, path: Path) -> None:
        """Check one ``.kipp`` file."""
        report = self.report
        try:
            with Bundle.open(path) as bundle:
                report.add(
                    "bytes", True, Text("{file}: every byte is as it was written.", file=path.name)
                )
                desk = desk_ledger(bundle)
                if desk is None:
                    raise KippError(
                        "no-desk",
                        Text("The ledger of the competition's desk is not in it."),
                        Text("Ask the organiser for the whole file."),
                    )
                self._desks.add(desk.author)
                self._ledgers(path, bundle, desk)
        except KippError as error:
            report.add(error.code, False, Text("{file}: {what}", file=path.name, what=error.what))

    def _ledgers(self, path: Path, bundle: Bundle, desk: LedgerFile) -> None:
        """Read every ledger once, then say what they say together."""
        last = next((r for r in reversed(desk.records) if r.kind == "results"), None)
        reading = None
        if last is not None:
            heads: Any = last.body["heads"]
            reading = Reading(desk.author, desk.records[: last.seq - 1], heads, bundle.blob)
        ledgers = LedgerChecks(desk)
        for number, ledger in enumerate(bundle.ledgers(), start=1):
            self._context.step(
                number / (len(bundle.authors()) + 2), Text("Checking {file}", file=path.name)
            )
            note = ledgers.begin(ledger.name)
            if ledger.name == desk.author:
                for record in desk.records:
                    note(record)
                continue
            count = reading.begin(ledger.name) if reading is not None else None
            read_ledger(
                ledger.data,
                ledger.signature,
                author=ledger.name,
                competition=bundle.competition,
                take=note if count is None else _both(note, count),
            )
        for fork in bundle.forks():
            branch = read_ledger(fork.data, fork.signature, competition=bundle.competition)
            ledgers.take_branch(branch)
            read = bundle.ledger(branch.author)
            if reading is not None and read is not None and branch.author != desk.author:
                reading.take_branch(branch, read.data)
        ledgers.say(self.report, path.name)
        self.documents.certificate = str(desk.records[0].body["certificate"] or "") or None
        if last is None or reading is None:
            text = Text("{file}: it carries no results yet.", file=path.name)
            self.report.add("results", True, text)
            return
        ledgers.say_cited(self.report, last)
        result = check_results(self.report, reading, last)
        publication = check_publication(self.report, self.documents, desk, last)
        final = publication is not None and publication.body["final"] is True
        said = check_approvals(
            self.report, reading.setup, desk, ledgers.approvals, last.id, final=final
        )
        self.found = Verification(
            (),
            "",
            result,
            reading.setup,
            last.id,
            people_status(reading),
            tuple(said),
            final,
        )
        self.documents.check_carried(bundle)

    # -- who, and what no file can show

    def signer(self, words: str | None) -> bool:
        """Compare the desk's words where they were given; return whether they were."""
        report = self.report
        if len(self._desks) > 1:
            report.add("desk", False, Text("The files are from different desks."))
        if words is None:
            report.add(
                "signer",
                True,
                Text(
                    "Who signed was not compared: give the six words of the desk that stand in the "
                    "minutes signed by hand. Until then the files are whole, no more."
                ),
            )
            return False
        for desk in sorted(self._desks):
            report.hold(
                "signer",
                words.strip().lower() == desk or same_words(words, desk),
                Text("The desk's key is the one whose words were given."),
                Text("The desk's words are “{words}”, not those given.", words=words_of(desk)),
            )
        if not self._desks:
            text = Text("There is no desk's ledger to compare the words with.")
            report.add("signer", False, text)
        return True

    def say_limits(self) -> None:
        """Say what no file can show."""
        self.report.add(
            "limits",
            True,
            Text(
                "From the file alone it cannot be excluded that later results exist; ask the "
                "organiser."
            ),
        )
        self.report.add(
            "times",
            True,
            Text("Times are what each laptop's clock said; nothing here proves them."),
        )


def _both(
    one: Callable[[Record], None], other: Callable[[Record], None]
) -> Callable[[Record], None]:
    def take(record: Record) -> None:
        one(record)
        other(record)

    return take
