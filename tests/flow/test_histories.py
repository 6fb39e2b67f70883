"""Histories: whatever judges do and however files arrive, who has the same set sees the same.

Five judges, one on two laptops and one on paper, score, correct, withdraw, abstain and lose a
laptop that comes back from an old copy; files arrive shuffled, doubled and late.
"""

import hashlib
import itertools
import random
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kipp_desktop.domain.competition import Competition, Group, Rules, Stage
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import Entry, Person, Setup, assign_all, people_blob, setup_blob
from kipp_desktop.exchange.bundle import Blob, write_bundle
from kipp_desktop.services.desk import undisputed_heads
from kipp_desktop.services.inbox import take_bundle
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.standing import standing
from tests.examples import COMPETITION, DESK, NONCE, Author

RUBRIC = read_rubric(
    {
        "id": "r",
        "name": "R",
        "scale": {"min": "1", "max": "10"},
        "criterion": [{"id": "c", "name": "C"}],
    }
)
JUDGES = [f"juri-{n}" for n in range(1, 6)]
SETUP = assign_all(
    Setup(
        Competition("K", "O", 2021),
        (Group("umum", "Umum"),),
        Rules((Stage("presentasi", "Presentasi", "presentation", RUBRIC.fingerprint),)),
        (RUBRIC,),
        (),
        tuple(Entry(f"e{n}", str(n), f"E{n}", group="umum") for n in range(1, 4)),
        (
            *(Person(judge, judge, ("judge",)) for judge in JUDGES),
            Person("petugas", "Petugas", ("clerk",)),
            Person("sekretaris", "Sekretaris", ("secretary",)),
        ),
    )
)
BLOBS = [Blob(hashlib.sha256(data).hexdigest(), data)
         for data in (setup_blob(SETUP), people_blob(replace(SETUP, salt="00")))]  # fmt: skip

#: Thousands of files are synced: where there is a folder in memory, it is used.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

#: Keys and whose they are: the first judge has two laptops, the last one writes on paper.
LAPTOPS = {"l1": "juri-1", "l1b": "juri-1", "l2": "juri-2", "l3": "juri-3", "l4": "juri-4",
           "t1": "petugas", "t2": "sekretaris"}  # fmt: skip

laptops = st.sampled_from([name for name in LAPTOPS if name.startswith("l")])
clerks = st.sampled_from(["t1", "t2"])
entries = st.sampled_from(["e1", "e2", "e3"])
marks = st.sampled_from(["1", "7", "10"])


class Histories(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kipp-histories-", dir=MEMORY))
        self.number = itertools.count()
        self.authors = {name: Author(name) for name in LAPTOPS}
        self.desk = Author("desk")
        self.desk.write("enrolment", person="sekretaris", desk=DESK)
        self.desk.write("plan", changes=[], keeper="sekretaris", nonce=NONCE,
                        setup=BLOBS[0].sha256, people=BLOBS[1].sha256)  # fmt: skip
        for name, person in LAPTOPS.items():
            author = self.authors[name]
            author.write("enrolment", person=person)
            self.desk.write("admission", key=author.id, person=person)
        self.files = []
        self.signed = set()
        self.closed = None
        self.panel = Panel(self.folder / "a", COMPETITION, DESK)
        for name in LAPTOPS:
            self.hand_in(name)
        for number in range(len(self.files)):
            take_bundle(self.panel, self.files[number])

    def teardown(self):
        try:
            self.compare()
        finally:
            self.panel.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- what people do

    @rule(name=laptops, entry=entries, mark=marks)
    def score(self, name, entry, mark):
        self.sheet(self.authors[name], "score-sheet", entry, {"c": mark})

    @rule(name=laptops, entry=entries)
    def withdraw(self, name, entry):
        self.sheet(self.authors[name], "score-sheet", entry, None)

    @rule(name=clerks, entry=entries, mark=marks)
    def type_paper(self, name, entry, mark):
        self.sheet(self.authors[name], "paper-sheet", entry, {"c": mark}, judge="juri-5")

    @rule(name=clerks)
    def check_paper(self, name):
        author = self.authors[name]
        for record in author.records:
            if record.kind == "paper-sheet":
                author.write("paper-check", judge="juri-5", sheet=record.id)
                break

    @rule(name=laptops, entry=entries)
    def abstain(self, name, entry):
        self.authors[name].write("abstention", judge=LAPTOPS[name], entries=[entry])

    @rule(name=laptops, keep=st.integers(1, 4), entry=entries, mark=marks)
    def restore_an_old_copy(self, name, keep, entry, mark):
        """The laptop comes back as it was: what it signs from now on is another branch."""
        author = self.authors[name]
        self.hand_in(name)
        del author.lines[keep:], author.records[keep:]
        self.sheet(author, "score-sheet", entry, {"c": mark})

    @rule(name=laptops)
    def lose(self, name):
        """The key is revoked at what is here; a second laptop, where there is one, takes over."""
        key = self.authors[name].id
        head = self.panel.counted_head(key)
        self.desk.write("revocation", key=key, head=head)
        self.hand_in(name)
        take_bundle(self.panel, self.files[-1])

    @rule(name=st.sampled_from(list(LAPTOPS)))
    def hand_in(self, name):
        path = self.folder / f"{next(self.number):03}.kipp"
        ledgers = [self.desk.ledger(), self.authors[name].ledger()]
        write_bundle(path, competition=COMPETITION, purpose="sheets", ledgers=ledgers, blobs=BLOBS)
        self.files.append(path)
        author = self.authors[name]
        self.signed |= {(author.id, record.id) for record in author.records}

    @rule(data=st.data())
    def deliver(self, data):
        take_bundle(self.panel, data.draw(st.sampled_from(self.files)))

    @rule()
    def close(self):
        if self.closed is not None:
            return
        before = self.counted(self.panel)
        plan = self.panel.state.plan.id
        self.desk.write(
            "closing", stage="presentasi", plan=plan, heads=undisputed_heads(self.panel)
        )
        self.hand_in("t1")
        take_bundle(self.panel, self.files[-1])
        self.closed = self.counted(self.panel)
        # The closing's file may bring new typings; they are behind the heads that it cites.
        assert self.closed == before

    # -- what must hold

    @invariant()
    def nothing_moves_a_closed_stage(self):
        assert self.closed in {None, self.counted(self.panel)}

    def compare(self):
        """Give every file to this desk and, shuffled and doubled, to another."""
        for name in LAPTOPS:
            self.hand_in(name)
        for path in self.files:
            take_bundle(self.panel, path)
        self.nothing_moves_a_closed_stage()
        twice = random.Random(len(self.files)).sample(self.files * 2, 2 * len(self.files))
        with Panel(self.folder / "b", COMPETITION, DESK) as other:
            for path in twice:
                take_bundle(other, path)
            assert self.view(other) == self.view(self.panel)
            if self.closed is None:
                for _, _, _, author, seq in self.counted(other):
                    open_fork = author in other.state.unsettled
                    assert not open_fork or seq <= other.state.forked[author]
            for desk in (self.panel, other):
                lost = {
                    identity
                    for author, identity in self.signed
                    if desk.projection.find(identity) is None
                    and not desk.branches.holds(author, identity)
                }
                assert not lost

    def counted(self, panel):
        return tuple(panel.projection.counted_keys())

    def view(self, panel):
        return (
            standing(panel),
            self.counted(panel),
            panel.projection.stopped("presentasi"),
            panel.state.forked,
            panel.projection.dump(),
        )

    def sheet(self, author, kind, entry, given, **fields):
        author.write(kind, entry=entry, marks=given, rubric=RUBRIC.fingerprint,
                     feedback=str(next(self.number)), comments={}, **fields)  # fmt: skip


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=200,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
