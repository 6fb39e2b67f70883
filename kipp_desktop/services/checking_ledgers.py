"""Checking the ledgers of a file against one another: whole, unforked, nothing taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.doubts import cites_less
from kipp_desktop.services.reading import cited
from kipp_desktop.services.trust import rollback_text
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.domain.records import Record
    from kipp_desktop.exchange.ledger_file import LedgerFile
    from kipp_desktop.services.checks import Report


class LedgerChecks:
    """Looks at each ledger once, and keeps of it only what the others are compared with."""

    def __init__(self, desk: LedgerFile) -> None:
        self._desk = desk
        self._known = {record.id for record in desk.records} | {""}
        self._cited = cited(desk.records)
        self._count = 0
        self._lost: set[str] = set()
        self._seqs: dict[tuple[str, str], int] = {}
        self._branches: dict[str, set[str]] = {}
        self.approvals: list[Record] = []

    def begin(self, author: str) -> Callable[[Record], None]:
        """Return what takes the records of a ledger in order."""
        self._count += 1
        seqs, lost, approvals = self._seqs, self._lost, self.approvals
        known, wanted = self._known, self._cited
        is_desk = author == self._desk.author

        def take(record: Record) -> None:
            if record.seen not in known:
                lost.add(author)
            if record.id in wanted:
                seqs[author, record.id] = record.seq
            if record.kind == "approval" and not is_desk:
                approvals.append(record)

        return take

    def take_branch(self, file: LedgerFile) -> None:
        """Take a further branch of a key."""
        ids = {record.id for record in file.records}
        self._branches.setdefault(file.author, set()).update(ids)

    # -- what they say together

    def say(self, report: Report, name: str) -> None:
        """Say whether all are whole, whether a key forked, and whether the desk was rolled back."""
        report.add(
            "signatures",
            True,
            Text(
                "{file}: {count} ledgers are whole, in order and signed by their keys.",
                file=name,
                count=self._count,
            ),
        )
        self._say_forks(report)
        report.hold(
            "seen",
            not self._lost,
            Text("Every record of the desk that members had seen is in the desk's ledger."),
            Text(
                "Members had seen records of the desk that its ledger does not have: the desk "
                "forked or was rolled back (keys {keys}).",
                keys=_short(sorted(self._lost)),
            ),
        )

    def _say_forks(self, report: Report) -> None:
        """Name every key of which two branches are here, and whether the panel settled it."""
        revoked = {r.body["key"] for r in self._desk.records if r.kind == "revocation"}
        for author in sorted(self._branches):
            report.hold(
                "forks",
                author in revoked and author != self._desk.author,
                Text(
                    "The key {key} has signed two different ledgers; the desk revoked it and said "
                    "which of them stands.",
                    key=author[:12],
                ),
                Text("The key {key} has signed two different ledgers.", key=author[:12]),
            )
        if not self._branches:
            text = Text("Each of {count} keys has signed one ledger, without a gap.",
                        count=self._count)  # fmt: skip
            report.add("forks", True, text)

    def say_cited(self, report: Report, results: Record) -> None:
        """Say whether every ledger that results, closings and receipts cite is here, that far."""
        heads: set[tuple[str, str]] = set()
        for record in self._desk.records:
            if record.kind in {"results", "closing", "receipt"} and record.seq <= results.seq:
                body: Any = record.body
                heads |= set(body["heads"].items())
        missing = {
            key
            for key, head in heads
            if (key, head) not in self._seqs and head not in self._branches.get(key, ())
        }
        report.hold(
            "heads",
            not missing,
            Text("Every ledger that the desk cites is here, to its last cited record."),
            Text(
                "Records are missing that the desk cites (keys {keys}).",
                keys=_short(sorted(missing)),
            ),
        )
        records = self._desk.records
        exempt = {str(r.body["key"]) for r in records if r.kind == "revocation"}
        less = cites_less(
            records, lambda key, head: self._seqs.get((key, head)), exempt | set(self._branches)
        )
        if less:
            report.add("receipts", False, rollback_text(less[0]))
        else:
            text = Text("Closings and results cite all that was receipted before.")
            report.add("receipts", True, text)


def _short(keys: list[str]) -> str:
    return ", ".join(key[:12] for key in keys)
