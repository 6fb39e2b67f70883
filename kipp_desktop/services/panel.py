"""An opened competition: its ledgers, what they say, and what is not signed yet.

The ledgers' files are the truth. The database holds their projection, brought up to date whenever
a file is longer than what was projected, and the state of the desk is walked anew at open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import Json
from kipp_desktop.domain.fold import DeskState, Key, Plan, SheetFact
from kipp_desktop.domain.records import SEEN, Record, line_of, parse
from kipp_desktop.domain.sheet import pack, totaller
from kipp_desktop.domain.standing import Row
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.ledger_file import (
    Held,
    LedgerFile,
    read_ledger,
    sign_ledger,
    signed_prefix,
)
from kipp_desktop.services.branches import Branches
from kipp_desktop.services.counting import Records, Unadmitted
from kipp_desktop.storage.backup import copy_database, copy_unsigned
from kipp_desktop.storage.blobs import Blobs
from kipp_desktop.storage.database import explained, integrity, open_database
from kipp_desktop.storage.drafts import Drafts
from kipp_desktop.storage.ledgers import LedgerFiles
from kipp_desktop.storage.projection import (
    CheckTuple,
    CountedTuple,
    Projection,
    RecordRow,
    SheetRow,
    StoppedTuple,
)
from kipp_desktop.storage.received import ReceivedFiles
from kipp_desktop.storage.workbench import Workbench
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from kipp_desktop.exchange.keys import Identity


#: What a record says, or how it follows from the records that are signed together with it.
Body = dict[str, Json] | Callable[[Sequence[Record]], dict[str, Json]]


class Panel(Records):
    """One competition on this laptop. Close it, or use ``with``; only one may have it open."""

    def __init__(self, folder: Path, competition: str, desk: str) -> None:
        super().__init__()
        self.folder = folder
        self.competition = competition
        self.desk = desk
        folder.mkdir(parents=True, exist_ok=True)
        self._database = open_database(folder / "panel.sqlite")
        self.ledgers = LedgerFiles(folder)
        self.blobs = Blobs(folder)
        self.scans = Blobs(folder, "scans")
        #: Photos and documents as a verifier brought them; only their copies travel.
        self.originals = Blobs(folder, "originals")
        self.projection = Projection(self._database)
        self.drafts = Drafts(self._database)
        self.workbench = Workbench(self._database)
        self.received = ReceivedFiles(self._database, folder)
        self.branches = Branches(self.ledgers)
        self.state = DeskState(desk)
        try:
            self.branches.load()
            self._walk_desk()
            for author in sorted(self.ledgers.authors(), key=lambda key: key != desk):
                self.catch_up(author)
            self._settle()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; the competition may then be opened elsewhere."""
        self._database.close()

    # -- signing and taking records

    def sign(self, identity: Identity, at: str, items: Sequence[tuple[str, Body]]) -> list[Record]:
        """Append records to the identity's own ledger, all or none; durable on return.

        A body may be made from the records before it in ``items``, to cite one of them. Raises
        :class:`KippError` with code ``cannot-write`` or ``disk``; nothing is then signed, or it is
        found again at the next open.
        """
        author = identity.fingerprint
        if author == self.desk and self.desk_forked is not None:
            raise KippError(
                "desk-forked",
                Text(
                    "The desk's key has signed two different ledgers; after record {seq} they "
                    "differ, and nothing behind it can be relied on.",
                    seq=self.desk_forked,
                ),
                Text("Begin a new competition that continues this one."),
            )
        self.catch_up(author)
        row = self.projection.ledger(author)
        seq, prev, size = (row.seq, row.head, row.size) if row else (0, "", 0)
        seen = "" if author == self.desk else self.state.head
        lines = []
        records: list[Record] = []
        for kind, made in items:
            seq += 1
            body = made(records) if callable(made) else made
            line = line_of(
                at=at,
                author=author,
                body=body,
                competition=self.competition,
                kind=kind,
                prev=prev,
                seen=seen,
                seq=seq,
            )
            record = parse(line)
            prev = record.id
            lines.append(line + b"\n")
            records.append(record)
        if records:
            self._check_before_signing(author)
            self.ledgers.append(
                author, size, b"".join(lines), lambda data: sign_ledger(identity.key, data)
            )
            self._project(author, records, [len(line) for line in lines], size)
            if author == self.desk:
                self._settle()
        return records

    def _check_before_signing(self, author: str) -> None:
        """Check the ledger's old signature: a bit that the disk flipped must not be signed anew."""
        found = self.ledgers.read(author)
        if found is not None and signed_prefix(*found) != len(found[0]):
            raise _damaged_ledger(author)

    def held(self, author: str) -> Held | None:
        """Return the ledger of a key as it is held here."""
        row = self.projection.ledger(author)
        found = self.ledgers.read(author) if row else None
        if row is None or found is None:
            return None
        return Held(found[0], row.head, row.seq, row.desk)

    def take(self, file: LedgerFile, held: Held | None) -> None:
        """Store a checked ledger that continues what is held, and project its new records."""
        start = len(held.data) if held else 0
        self.ledgers.replace(file.author, file.data, file.signature)
        lengths = [len(line) + 1 for line in file.data[start:].split(b"\n")[:-1]]
        self._project(file.author, file.records, lengths, start)
        if self.branches.others:
            self.branches.load()
            self._settle()

    def take_branch(self, file: LedgerFile) -> None:
        """Keep a checked ledger that the one which is read does not continue."""
        self.ledgers.add_fork(file.head, file.data, file.signature)
        self.branches.load()
        if file.author == self.desk:
            self._walk_desk_anew()
        else:
            self._settle(file.author)

    @property
    def desk_forked(self) -> int | None:
        """The last record that the branches of the desk's own ledger share, where it forked."""
        return self.branches.forked().get(self.desk) if self.branches.others else None

    def seq_of(self, author: str, head: str) -> int | None:
        """Return up to which seq of a key a head vouches; ``None`` where it is not held."""
        found = self.projection.seq_of(author, head)
        if found is None and author in self.branches.others:
            return self.branches.seq_of(author, head)
        return found

    def counted_head(self, author: str) -> str | None:
        """Return the last record of a key that nobody disputes; ``None`` where there is none."""
        key = self.state.keys.get(author)
        if author in self.branches.others and not (key and key.revoked):
            return self.branches.shared_head(author)
        row = self.projection.ledger(author)
        return row.head if row else None

    def record_ids(self, author: str, beginning: str) -> list[str]:
        """Return the ids of a key's records, of every branch, that begin so."""
        ids = {row.id for row in self.projection.records(author)} | self.branches.ids(author)
        return sorted(identity for identity in ids if identity.startswith(beginning))

    def _settle(self, changed: str | None = None) -> None:
        """Read of each forked key the branch that the desk's records ask for, and count again."""
        if not self.branches.others:
            return
        judges = set()
        for author in sorted(self.branches.others):
            if author == self.desk:
                continue
            other = self.branches.to_read(author, self.state)
            if other is not None:
                self.ledgers.swap(author, other)
                with explained(), self._database.atomic():
                    self.projection.forget(author)
                self.branches.load()
                self.catch_up(author)
            before = self.state.forked.get(author)
            self.state.forked[author] = self.branches.forked()[author]
            if other is not None or author == changed or before != self.state.forked[author]:
                row = self.projection.ledger(author)
                key = self.state.keys.get(author)
                judges |= {row.person if row else "", key.person if key else ""}
        if judges:
            # A typed sheet is of another person than its key.
            self.recount(None)

    def _walk_desk_anew(self) -> None:
        """Read the desk's ledger again, up to where its branches part."""
        self.state = DeskState(self.desk)
        self._walk_desk()
        self._settle()
        self.recount(None)

    def copy_database(self, target: Path) -> None:
        """Write a consistent copy of the database."""
        copy_database(self._database, target)

    def copy_unsigned(self, target: Path) -> None:
        """Write a copy of what only the database holds: drafts, set-up, the list of files."""
        copy_unsigned(self._database, target)

    def integrity(self) -> str:
        """Return SQLite's own word on the file: ``ok``, or what is wrong."""
        return integrity(self._database)

    def catch_up(self, author: str) -> None:
        """Project what a ledger's file has beyond the projection (a crash, a restored backup).

        Lines that the signature does not cover were never signed and are dropped.
        """
        row = self.projection.ledger(author)
        path_size = self.ledgers.size(author)
        if path_size == (row.size if row else 0):
            return
        found = self.ledgers.read(author)
        if found is None:
            if row is None:  # a first append that was cut off before it was signed
                self.ledgers.truncate(author, 0)
            return
        data, signature = found
        covered = signed_prefix(data, signature)
        if covered < 0 or (row is not None and covered < row.size):
            raise _damaged_ledger(author)
        if covered < len(data):
            self.ledgers.truncate(author, covered)
            data = data[:covered]
        held = Held(data[: row.size], row.head, row.seq, row.desk) if row else None
        file = read_ledger(data, signature, author=author, competition=self.competition, held=held)
        start = len(held.data) if held else 0
        lengths = [len(line) + 1 for line in data[start:].split(b"\n")[:-1]]
        self._project(author, file.records, lengths, start)

    def rebuild(self) -> None:
        """Make the projection anew from the ledgers' files; the result is the same."""
        with explained(), self._database.atomic():
            self.projection.clear()
        self.branches.load()
        self.state = DeskState(self.desk)
        authors = self.ledgers.authors()
        for author in sorted(authors, key=lambda key: key != self.desk):
            self.catch_up(author)
        self._settle()
        self.recount(None)

    def record(self, author: str, seq: int) -> Record:
        """Return a record from its ledger's file."""
        row = self.projection.record(author, seq)
        return parse(self.ledgers.line(author, row.start, row.length - 1))

    def records(self, author: str, kind: str | None = None) -> list[Record]:
        """Return a ledger's records in order, of one kind or all."""
        return [
            parse(self.ledgers.line(author, row.start, row.length - 1))
            for row in self.projection.records(author, kind)
        ]

    # -- the projection

    def _walk_desk(self) -> None:
        row = self.projection.ledger(self.desk)
        found = self.ledgers.read(self.desk)
        if row is None or found is None:
            return
        lines = found[0][: row.size].split(b"\n")[:-1]
        for line in lines[: self.desk_forked]:
            self.state.apply(parse(line))

    def _project(
        self, author: str, records: Sequence[Record], lengths: Sequence[int], start: int
    ) -> None:
        """Write the rows of new records, then count again what they may have changed."""
        if not records:
            return
        row = self.projection.ledger(author)
        first = records[0]
        is_desk = row.desk if row else first.body["desk"] == author
        person = row.person if row else str(first.body["person"])
        try:
            with explained(), self._database.atomic():
                rows = self._rows(author, person, records, lengths, start)
                size = start + sum(lengths)
                self._store(author, records, rows, is_desk=is_desk, person=person, size=size)
        except BaseException:
            self.projection.forget_cached()
            self.state = DeskState(self.desk)
            self._walk_desk()
            raise

    def _rows(
        self,
        author: str,
        person: str,
        records: Sequence[Record],
        lengths: Sequence[int],
        start: int,
    ) -> _Rows:
        """Return the rows of new records; a hundred judges' ledgers make 300,000 here."""
        rows = _Rows()
        key = self.projection.number(author)
        for record, length in zip(records, lengths, strict=True):
            if record.kind in _SHEETS:
                rows.sheets.append(self._sheet_row(key, record, person, start, length))
            else:
                rows.records.append(
                    RecordRow(author, record.seq, record.id, record.kind, record.at, start, length)
                )
                if record.kind == "paper-check":
                    body: dict[str, Any] = record.body
                    rows.checks.append((author, record.seq, body["judge"], body["sheet"]))
            start += length
        return rows

    def _store(
        self,
        author: str,
        records: Sequence[Record],
        rows: _Rows,
        *,
        is_desk: bool,
        person: str,
        size: int,
    ) -> None:
        self.projection.add_records(rows.records)
        self.projection.add_sheets(rows.sheets)
        self.projection.add_checks(rows.checks)
        last = records[-1]
        self.projection.set_ledger(
            author=author, desk=is_desk, head=last.id, seq=last.seq, size=size, person=person
        )
        if author == self.desk:
            for record in records:
                if self.desk_forked is None or record.seq <= self.desk_forked:
                    self.state.apply(record)
            kinds = {record.kind for record in records}
            if "plan" in kinds:
                self._read_sheets_again()
            if kinds & _RECOUNT_ALL:
                self._recount(None)
        else:
            judges = {row[7] for row in rows.sheets if row[6]}
            judges |= {row[2] for row in rows.checks}
            key = self.state.keys.get(author)
            if key is not None:
                judges.add(key.person)
            cited = self.state.cited_heads(author)
            if cited and any(record.id in cited for record in records):
                # The desk spoke of it first: only now all counts that this key typed before.
                judges |= self.projection.typed_by(author)
            self._recount(judges)

    def _read_sheets_again(self) -> None:
        """Pack the marks of sheets whose rubric was not known here before this plan."""
        persons = {row.author: row.person for row in self.projection.ledgers()}
        for author, seq, fingerprint in self.projection.unread_sheets():
            if self.rubric(fingerprint) is not None:
                row = self._sheet_row(0, self.record(author, seq), persons[author], 0, 0)
                self.projection.set_marks(author, seq, row[11])

    def _sheet_row(
        self, key: int, record: Record, person: str, start: int, length: int
    ) -> SheetRow:
        body: dict[str, Any] = record.body
        marks, fingerprint = body["marks"], body["rubric"]
        rubric = self._rubrics.get(fingerprint) or self.rubric(fingerprint)
        paper = record.kind == "paper-sheet"
        return (
            key,
            record.seq,
            bytes.fromhex(record.id),
            record.at,
            start,
            length,
            paper,
            body["judge"] if paper else person,
            body["stage"],
            body["entry"],
            self.projection.number(fingerprint),
            pack(rubric, marks) if rubric and marks is not None else None,
            marks is None,
        )

    # -- counting

    def recount(self, judges: Collection[str] | None) -> None:
        """Count the sheets of some judges (or of all) again."""
        with explained(), self._database.atomic():
            self._recount(judges)

    def _recount(self, judges: Collection[str] | None) -> None:
        if judges is None:
            # Also of those whose sheets stood on a branch, or in a stage, that is no longer read.
            self.projection.clear_counts()
        if self.state.plan is None or not self.blobs.has(self.state.plan.setup):
            return
        for stage in self.setup.rules.stages:
            setup = self.setup_for(stage.id)
            counted_stage = setup.rules.stage(stage.id)
            if counted_stage.rubric is None:
                continue
            bounds = self.bounds(stage.id)
            weigh = totaller(setup.rubric_of(counted_stage))
            where = stage.id
            for judge in self.everybody(stage.id) if judges is None else judges:
                tally = self.tally(judge, stage.id, bounds)
                counted: list[CountedTuple] = [
                    (where, judge, entry, fact.author, fact.seq, weigh(marks), marks, how)
                    for entry, (fact, how) in tally.counted.items()
                    if (marks := fact.marks) is not None
                ]
                stopped: list[StoppedTuple] = [
                    (stage.id, judge, s.fact.author, s.fact.seq, s.fact.entry, s.rule)
                    for s in tally.stopped
                ]
                if judges is not None:
                    self.projection.clear_judge(stage.id, judge)
                if counted:
                    self.projection.add_counted(counted)
                if stopped:
                    self.projection.add_stopped(stopped)

    def sheet_facts(self, judge: str, stage: str, keys: Sequence[str]) -> list[SheetFact]:
        """Return the sheets of a judge in a stage: of the judge's keys, and typed from paper."""
        rows = self.projection.sheets(judge, stage, keys)
        shapes: dict[str, str] = {}
        for fingerprint in {row[7] for row in rows}:
            rubric = self.rubric(fingerprint)
            shapes[fingerprint] = rubric.shape if rubric else ""
        return [
            SheetFact(author, seq, identity, paper, who, where, entry, shapes[rubric], marks, gone)
            for author, seq, identity, paper, who, where, entry, rubric, marks, gone in rows
        ]

    def checks(self, judge: str) -> list[tuple[str, int, str]]:
        """Return the paper-checks of a judge's sheets: author, seq, sheet."""
        return self.projection.checks(judge)

    def counted(self, stage: str) -> list[Row]:
        """Return the counted sheets of a stage: entry, judge, total, marks."""
        return self.projection.counted(stage)

    def counted_ways(self, stage: str) -> list[tuple[str, str, str]]:
        """Return how each counted sheet of a stage came: entry, judge, how."""
        return [(row[0], row[1], row[6]) for row in self.projection.counted_details(stage)]

    def typed_judges(self, stage: str) -> list[str]:
        """Return the judges for whom sheets of a stage were typed from paper."""
        return self.projection.typed_judges(stage)

    def unadmitted(self) -> list[Unadmitted]:
        """Return the keys that are here and nobody's, in order."""
        second = {item.key for item in self.state.waiting}
        return [
            Unadmitted(
                row.author,
                row.person,
                self.projection.own_sheets(row.author),
                row.author in second,
            )
            for row in self.projection.ledgers()
            if not row.desk and row.author not in self.state.keys
        ]

    def sheets_by_plan(self, stage: str) -> dict[str, int]:
        """Return how many counted sheets of a stage were signed under each plan."""
        by_author: dict[str, list[int]] = {}
        for _, _, author, seq, *_ in self.projection.counted_details(stage):
            by_author.setdefault(author, []).append(seq)
        found: Counter[str] = Counter()
        for author, seqs in by_author.items():
            held = self.ledgers.read(author)
            seen = [line.decode("ascii") for line in SEEN.findall(held[0])] if held else []
            plans = {head: self.state.plan_at(head) for head in set(seen)}
            for seq in seqs:
                plan = plans[seen[seq - 1]]
                if plan is not None:
                    found[plan.id] += 1
        return dict(found)

    def blob(self, sha256: str) -> bytes | None:
        """Return a blob, ``None`` where it is not held."""
        return self.blobs.get(sha256)

    def _has_setup(self, plan: Plan) -> bool:
        return self.blobs.has(plan.setup)

    def accepted(self, author: str, seq: int) -> bool:
        """Return whether the desk accepted a record beyond its key's limit."""
        accepted = self.state.acceptances
        return bool(accepted) and accepted.get(self.projection.record(author, seq).id) is True

    def key_of(self, author: str) -> Key | None:
        """Return whose key it is, ``None`` while it waits to be admitted."""
        return self.state.keys.get(author)


def _damaged_ledger(author: str) -> KippError:
    return KippError(
        "damaged-ledger",
        Text("A ledger on this laptop is damaged ({key}).", key=author[:12]),
        Text("Restore the last backup; nothing that was signed is shortened by it."),
    )


@dataclass
class _Rows:
    """The rows of some new records."""

    records: list[RecordRow] = field(default_factory=list)
    sheets: list[SheetRow] = field(default_factory=list)
    checks: list[CheckTuple] = field(default_factory=list)


_SHEETS = frozenset({"score-sheet", "paper-sheet"})

#: Records of the desk after which every sheet is counted again.
_RECOUNT_ALL = frozenset(
    {"plan", "admission", "revocation", "abstention", "closing", "acceptance", "decision"}
)
