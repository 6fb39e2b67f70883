"""The ledgers of a file, read in memory up to its results: for checking without a home.

Each ledger is handed in once and let go again: of a sheet only what counting needs is kept, and of
ids only those that the desk cites. So a hundred judges' 300,000 sheets stay within a laptop.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.fold import DeskState, Plan, SheetFact, read_desk
from kipp_desktop.domain.sheet import pack, totaller
from kipp_desktop.services.branches import record_ids, shared
from kipp_desktop.services.counting import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kipp_desktop.domain.fold import Stopped
    from kipp_desktop.domain.ranking import Row
    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.exchange.ledger_file import LedgerFile


class Reading(Records):
    """What the ledgers of a file say.

    ``desk`` are the desk's records that count here; ``limits`` the heads up to which the others
    are read (``None``: to their end); ``blob`` fetches a blob of the file.
    """

    def __init__(
        self,
        desk_key: str,
        desk: Sequence[Record],
        limits: Mapping[str, str] | None,
        blob: Callable[[str], bytes | None],
    ) -> None:
        super().__init__()
        self.state: DeskState = read_desk(desk_key, desk)
        self._limits = limits
        self._blob = blob
        self._wanted = cited(desk) | set((limits or {}).values())
        self._seqs: dict[tuple[str, str], int] = {}
        self._others: dict[tuple[str, str], int] = {}
        self._accepted: set[tuple[str, int]] = set()
        self._own: dict[tuple[str, str], list[SheetFact]] = {}
        self._typed: dict[tuple[str, str], list[SheetFact]] = {}
        self._checks: dict[str, list[tuple[str, int, str]]] = {}
        self._kept: dict[str, list[Record]] = {}
        self._seen: dict[str, list[tuple[int, str]]] = {}
        self._forms: dict[str, tuple[Rubric | None, str]] = {}
        self._counted: dict[str, list[Row]] = {}
        self._stopped: dict[str, list[Stopped]] = {}
        self._by_plan: dict[str, Counter[str]] = {}
        self.authors: set[str] = set()

    # -- ledgers

    def take(self, file: LedgerFile) -> None:
        """Take the ledger of a member, up to the head that counts here."""
        author = file.author
        for record in file.records:
            if record.id in self._wanted:
                self._seqs[author, record.id] = record.seq
        last = file.seq
        if self._limits is not None:
            last = self._seqs.get((author, self._limits.get(author, "")), 0)
        if not last:
            return
        self.authors.add(author)
        accepted = self.state.acceptances
        person = str(file.records[0].body["person"])
        kept: list[Record] = []
        seen: list[tuple[int, str]] = []
        before: str | None = None
        own: dict[str, list[SheetFact]] = {}
        for record in file.records[:last]:
            identity, _, _, body, _, kind, _, head, seq = record
            if head != before:
                before = head
                seen.append((seq, head))
            if accepted and identity in accepted:
                self._accepted.add((author, seq))
            if kind == "score-sheet":
                fact = self._fact(author, seq, identity, person, body)
                if fact.stage in own:
                    own[fact.stage].append(fact)
                else:
                    own[fact.stage] = [fact]
            elif kind == "paper-sheet":
                fact = self._fact(author, seq, identity, str(body["judge"]), body)
                place = (fact.judge, fact.stage)
                self._typed.setdefault(place, []).append(fact._replace(paper=True))
            else:
                kept.append(record)
                if kind == "paper-check":
                    check = (author, seq, str(body["sheet"]))
                    self._checks.setdefault(str(body["judge"]), []).append(check)
        self._own.update({(author, stage): facts for stage, facts in own.items()})
        self._kept[author], self._seen[author] = kept, seen

    def _fact(self, author: str, seq: int, identity: str, judge: str, body: Any) -> SheetFact:
        marks, fingerprint = body["marks"], body["rubric"]
        form = self._forms.get(fingerprint)
        if form is None:
            rubric = self.rubric(fingerprint)
            form = self._forms[fingerprint] = (rubric, rubric.shape if rubric else "")
        rubric, shape = form
        packed = pack(rubric, marks) if rubric and marks is not None else None
        return SheetFact(
            author,
            seq,
            identity,
            False,
            judge,
            body["stage"],
            body["entry"],
            shape,
            packed,
            marks is None,
        )

    def take_branch(self, file: LedgerFile, read: bytes) -> None:
        """Take a further branch of a key, beside the lines of the one that is ``read``."""
        ids = [record.id for record in file.records]
        common = shared(record_ids(read), ids)
        for number, identity in enumerate(ids, start=1):
            if identity in self._wanted:
                self._others[file.author, identity] = min(number, common)

    # -- what the holder knows

    def blob(self, sha256: str) -> bytes | None:
        """Return a blob of the file."""
        return self._blob(sha256)

    def seq_of(self, author: str, head: str) -> int | None:
        """Return up to which seq of a key a head vouches; ``None`` where it is not held."""
        found = self._seqs.get((author, head))
        return self._others.get((author, head)) if found is None else found

    def records(self, author: str, kind: str | None = None) -> list[Record]:
        """Return a ledger's records in order, but for sheets: of one kind or all."""
        return [record for record in self._kept.get(author, ()) if kind in {None, record.kind}]

    def sheet_facts(self, judge: str, stage: str, keys: Sequence[str]) -> list[SheetFact]:
        """Return the sheets of a judge in a stage: of the judge's keys, and typed from paper."""
        found = list(self._typed.get((judge, stage), ()))
        for key in keys:
            found += self._own.get((key, stage), ())
        return found

    def checks(self, judge: str) -> list[tuple[str, int, str]]:
        """Return the paper-checks of a judge's sheets: author, seq, sheet."""
        return self._checks.get(judge, [])

    def accepted(self, author: str, seq: int) -> bool:
        """Return whether the desk accepted a record beyond its key's limit."""
        return (author, seq) in self._accepted

    # -- counting

    def counted(self, stage: str) -> list[Row]:
        """Return the counted sheets of a stage: entry, judge, total, marks."""
        self._count(stage)
        return self._counted[stage]

    def stopped(self, stage: str) -> list[Stopped]:
        """Return the sheets that do not count, with the rule that stopped each."""
        self._count(stage)
        return self._stopped[stage]

    def sheets_by_plan(self, stage: str) -> dict[str, int]:
        """Return how many counted sheets of a stage were signed under each plan."""
        self._count(stage)
        return dict(self._by_plan[stage])

    def _count(self, stage: str) -> None:
        if stage in self._counted:
            return
        rows: list[Row] = []
        stopped: list[Stopped] = []
        plans: Counter[str] = Counter()
        setup, bounds = self.setup_for(stage), self.bounds(stage)
        weigh = totaller(setup.rubric_of(setup.rules.stage(stage)))
        for judge in sorted(self.everybody(stage)):
            tally = self.tally(judge, stage, bounds)
            stopped += tally.stopped
            rows += [
                (entry, judge, weigh(marks), marks)
                for entry, (fact, _) in tally.counted.items()
                if (marks := fact.marks) is not None
            ]
            plans.update(self._plans_of(fact for fact, _ in tally.counted.values()))
        stopped.sort(key=lambda s: (s.fact.judge, s.fact.entry, s.fact.author, s.fact.seq))
        self._counted[stage], self._stopped[stage], self._by_plan[stage] = rows, stopped, plans

    def _plans_of(self, facts: Iterable[SheetFact]) -> Counter[str]:
        """Return how many of some sheets were signed under each plan."""
        if len(self.state.plans) == 1:
            return Counter({self.state.plans[0].id: len(list(facts))})
        seqs: dict[str, list[int]] = {}
        for fact in facts:
            seqs.setdefault(fact.author, []).append(fact.seq)
        found: Counter[str] = Counter()
        for author, signed in seqs.items():
            spans = self._seen[author]
            ends = [start for start, _ in spans[1:]] + [max(signed) + 1]
            for (start, head), end in zip(spans, ends, strict=True):
                plan: Plan | None = self.state.plan_at(head)
                if plan is not None:
                    found[plan.id] += sum(start <= seq < end for seq in signed)
        return +found


def cited(desk: Iterable[Record]) -> set[str]:
    """Return the ids of members' records that the desk's records cite."""
    found: set[str] = set()
    for record in desk:
        body: Any = record.body
        if "heads" in body:
            found.update(body["heads"].values())
        if record.kind in {"revocation", "acceptance"}:
            found.add(body["head"] if record.kind == "revocation" else body["record"])
    return found
