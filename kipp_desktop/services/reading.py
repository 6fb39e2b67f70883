"""The ledgers of a file, read in memory up to its results: for checking without a home.

Each ledger is handed in once and let go again: of a sheet only what counting needs is kept, and of
ids only those that the desk cites. So a hundred judges' 300,000 sheets stay within a laptop.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.fold import DeskState, Plan, SheetFact, Stopped, read_desk
from kipp_desktop.domain.sheet import pack, totaller
from kipp_desktop.services.branches import record_ids, shared
from kipp_desktop.services.counting import Records, Unadmitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.domain.standing import Row
    from kipp_desktop.exchange.ledger_file import LedgerFile


@dataclass
class _Taken:
    """What is kept of a ledger: sheets by stage, typed ones, other records, changes of ``seen``."""

    person: str = ""
    own: dict[str, list[SheetFact]] = field(default_factory=dict)
    typed: list[SheetFact] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)
    seen: list[tuple[int, str]] = field(default_factory=list)


class Reading(Records):
    """What the ledgers of a file say.

    ``desk`` are the desk's records that count here; ``limits`` the heads up to which the others
    are read; ``blob`` fetches a blob of the file.
    """

    def __init__(
        self,
        desk_key: str,
        desk: Sequence[Record],
        limits: Mapping[str, str],
        blob: Callable[[str], bytes | None],
    ) -> None:
        super().__init__()
        self.state: DeskState = read_desk(desk_key, desk)
        self._limits = limits
        self._blob = blob
        self._wanted = cited(desk) | set(limits.values())
        self._seqs: dict[tuple[str, str], int] = {}
        self._others: dict[tuple[str, str], int] = {}
        self._accepted: set[tuple[str, int]] = set()
        self._taken: dict[str, _Taken] = {}
        self._forms: dict[str, tuple[Rubric | None, str]] = {}
        self._counted: dict[str, list[Row]] = {}
        self._ways: dict[str, list[tuple[str, str, str]]] = {}
        self._stopped: dict[str, list[Stopped]] = {}
        self._by_plan: dict[str, Counter[str]] = {}

    # -- ledgers

    def begin(self, author: str) -> Callable[[Record], None]:
        """Return what takes the records of a member's ledger in order, to the head that counts.

        A ledger that does not have that head counts nothing.
        """
        last = self._limits.get(author)
        accepted, wanted = self.state.acceptances, self._wanted
        taken = _Taken()
        own, typed, kept, seen = taken.own, taken.typed, taken.kept, taken.seen
        person, before, reading = "", "-", last is not None

        def take(record: Record) -> None:
            nonlocal person, before, reading
            identity, _, _, body, _, kind, _, head, seq = record
            if identity in wanted:
                self._seqs[author, identity] = seq
            if not reading:
                return
            if seq == 1:
                person = taken.person = str(body["person"])
            if head != before:
                before = head
                seen.append((seq, head))
            if accepted and accepted.get(identity) is True:
                self._accepted.add((author, seq))
            if kind == "score-sheet":
                fact = self._fact(author, seq, identity, person, body)
                if fact.stage in own:
                    own[fact.stage].append(fact)
                else:
                    own[fact.stage] = [fact]
            elif kind == "paper-sheet":
                fact = self._fact(author, seq, identity, str(body["judge"]), body)
                typed.append(fact._replace(paper=True))
            else:
                kept.append(record)
            if identity == last:
                reading = False
                self._taken[author] = taken

        return take

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

    @property
    def authors(self) -> frozenset[str]:
        """The keys whose ledgers count up to a head."""
        return frozenset(self._taken)

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
        taken = self._taken.get(author)
        return [record for record in (taken.kept if taken else ()) if kind in {None, record.kind}]

    def sheet_facts(self, judge: str, stage: str, keys: Sequence[str]) -> list[SheetFact]:
        """Return the sheets of a judge in a stage: of the judge's keys, and typed from paper."""
        found = list(self._typed.get((judge, stage), ()))
        for key in keys:
            if key in self._taken:
                found += self._taken[key].own.get(stage, ())
        return found

    def checks(self, judge: str) -> list[tuple[str, int, str]]:
        """Return the paper-checks of a judge's sheets: author, seq, sheet."""
        return [
            (author, record.seq, str(record.body["sheet"]))
            for author in self._taken
            for record in self.records(author, "paper-check")
            if record.body["judge"] == judge
        ]

    def accepted(self, author: str, seq: int) -> bool:
        """Return whether the desk accepted a record beyond its key's limit."""
        return (author, seq) in self._accepted

    def typed_judges(self, stage: str) -> set[str]:
        """Return the judges for whom sheets of a stage were typed from paper."""
        return {judge for judge, where in self._typed if where == stage}

    def unadmitted(self) -> list[Unadmitted]:
        """Return the keys that are here and nobody's, in order."""
        second = {item.key for item in self.state.waiting}
        return [
            Unadmitted(key, taken.person, sum(map(len, taken.own.values())), key in second)
            for key, taken in sorted(self._taken.items())
            if key not in self.state.keys
        ]

    @cached_property
    def _typed(self) -> dict[tuple[str, str], list[SheetFact]]:
        """The typed sheets by judge and stage; asked for when all ledgers are read."""
        found: dict[tuple[str, str], list[SheetFact]] = {}
        for taken in self._taken.values():
            for fact in taken.typed:
                found.setdefault((fact.judge, fact.stage), []).append(fact)
        return found

    # -- counting

    def counted(self, stage: str) -> list[Row]:
        """Return the counted sheets of a stage: entry, judge, total, marks."""
        self._count(stage)
        return self._counted[stage]

    def stopped(self, stage: str) -> list[Stopped]:
        """Return the sheets that do not count, with the rule that stopped each."""
        self._count(stage)
        return self._stopped[stage]

    def counted_ways(self, stage: str) -> list[tuple[str, str, str]]:
        """Return how each counted sheet of a stage came: entry, judge, how."""
        self._count(stage)
        return self._ways[stage]

    def sheets_by_plan(self, stage: str) -> dict[str, int]:
        """Return how many counted sheets of a stage were signed under each plan."""
        self._count(stage)
        return dict(self._by_plan[stage])

    def _count(self, stage: str) -> None:
        if stage in self._counted:
            return
        rows: list[Row] = []
        ways: list[tuple[str, str, str]] = []
        stopped: list[Stopped] = []
        plans: Counter[str] = Counter()
        setup, bounds = self.setup_for(stage), self.bounds(stage)
        weigh = totaller(setup.rubric_of(setup.rules.stage(stage)))
        for judge in sorted(self.everybody(stage)):
            tally = self.tally(judge, stage, bounds)
            # Whose a sheet is the desk says, not the laptop that signed it.
            stopped += [Stopped(fact._replace(judge=judge), rule) for fact, rule in tally.stopped]
            rows += [
                (entry, judge, weigh(marks), marks)
                for entry, (fact, _) in tally.counted.items()
                if (marks := fact.marks) is not None
            ]
            ways += [(entry, judge, how) for entry, (_, how) in tally.counted.items()]
            plans.update(self._plans_of(fact for fact, _ in tally.counted.values()))
        stopped.sort(key=lambda s: (s.fact.judge, s.fact.entry, s.fact.author, s.fact.seq))
        self._ways[stage] = ways
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
            spans = self._taken[author].seen
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
