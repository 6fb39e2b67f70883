"""Histories: whatever judges do and however files arrive, who has the same set sees the same.

Five judges, one on two laptops and one on paper, score, correct, withdraw, abstain and lose a
laptop that comes back from an old copy; the desk admits, revokes, accepts, plans anew, closes and
reopens; files arrive shuffled, doubled and late. What counts is said by ``reference_fold``.
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
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kipp_desktop.domain.competition import Competition, Group, Rules, Stage
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import (
    Assignment,
    Entry,
    Person,
    Setup,
    people_blob,
    read_setup,
    setup_blob,
)
from kipp_desktop.exchange.bundle import Blob, write_bundle
from kipp_desktop.exchange.ledger_file import read_ledger
from kipp_desktop.services.desk import undisputed_heads
from kipp_desktop.services.inbox import take_bundle
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.reading import Reading
from kipp_desktop.services.standing import standing
from tests.examples import COMPETITION, DESK, NONCE, Author
from tests.reference_fold import fold


def rubric_of(name, *leaves, weight="1", high="10"):
    criteria = [{"id": leaf, "name": leaf, "weight": weight} for leaf in leaves]
    scale = {"min": "1", "max": high}
    return read_rubric({"id": name, "name": name, "scale": scale, "criterion": criteria})


RUBRIC = rubric_of("r", "c")
#: Another weight fits the same sheets; another leaf or scale does not.
HEAVIER, OTHER, LONGER = (
    rubric_of("r", "c", weight="2"),
    rubric_of("s", "c", "d"),
    rubric_of("r", "c", high="20"),
)
RUBRICS = {"r": RUBRIC, "heavier": HEAVIER, "other": OTHER, "longer": LONGER}
STAGES = ("presentasi", "wawancara")
ENTRIES = ("e1", "e2", "e3")
JUDGES = [f"juri-{n}" for n in range(1, 6)]


def setup_of(first, *, clerks=("petugas",), entries=ENTRIES, spared="juri-2"):
    """Return a setup in which ``spared`` does not mark the third entry."""
    also = dict.fromkeys(clerks, ("clerk",))
    return Setup(
        Competition("K", "O", 2021),
        (Group("umum", "Umum"),),
        Rules(
            (
                Stage("presentasi", "Presentasi", "presentation", first.fingerprint),
                Stage("wawancara", "Wawancara", "presentation", OTHER.fingerprint, combine="gate"),
            )
        ),
        (first, OTHER),
        (),
        tuple(Entry(entry, entry, entry, group="umum") for entry in entries),
        (
            *(Person(judge, judge, ("judge", *also.get(judge, ()))) for judge in JUDGES),
            Person("petugas", "Petugas", also.get("petugas", ())),
            Person("sekretaris", "Sekretaris", ("secretary",)),
        ),
        tuple(
            Assignment(stage, judge, None, entries[2:] if judge == spared else ())
            for stage in STAGES
            for judge in JUDGES
        ),
    )


def blob_of(data):
    return Blob(hashlib.sha256(data).hexdigest(), data)


SETUP = setup_of(RUBRIC)
#: The plan in force may become another: in a weight, a scale, its clerks, entries, assignments.
PLANS = [
    SETUP,
    setup_of(HEAVIER),
    setup_of(LONGER),
    setup_of(RUBRIC, clerks=("juri-2",)),
    setup_of(RUBRIC, entries=("e1", "e2"), spared="juri-3"),
]
PEOPLE = blob_of(people_blob(replace(SETUP, salt="00")))
SETUPS = [blob_of(setup_blob(setup)) for setup in PLANS]
READ = {blob.sha256: read_setup(blob.source, None) for blob in SETUPS}
BLOBS = [SETUPS[0], PEOPLE]

#: Thousands of files are synced: where there is a folder in memory, it is used.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

#: Keys and who they say they are: the first judge has two laptops, the last one writes on paper;
#: of one key nobody at the desk knows.
LAPTOPS = {"l1": "juri-1", "l1b": "juri-1", "l2": "juri-2", "l3": "juri-3", "l4": "juri-4",
           "t1": "petugas", "t2": "sekretaris", "x": "juri-3"}  # fmt: skip

#: Most of it happens around one entry of one stage, where it can meet.
names = st.sampled_from(["l1", "l1", "l1b", "l2", "l2", "l3", "l4", "x"])
typists = st.sampled_from(["t1", "t1", "t2", "t2", "l2"])
anybody = st.sampled_from(["l1", "l1", "l1b", "l1b", "l2", "l2", "t1", "t2", "x"])
persons = st.sampled_from(["juri-1", "juri-1", "juri-2", "juri-3"])
entries = st.sampled_from(["e1", "e1", "e1", "e3"])
stages = st.sampled_from(["presentasi", "presentasi", "presentasi", "wawancara"])
sheets = st.sampled_from(
    [
        *[("r", {"c": "1"}), ("r", {"c": "7"})] * 4,
        *[("r", None)] * 2,
        ("r", {"c": "11"}),
        ("heavier", {"c": "7"}),
        ("longer", {"c": "11"}),
        ("other", {"c": "7", "d": "1"}),
        ("other", {"c": "7"}),
        ("other", {"c": "1", "d": "1"}),
    ]
)


class Histories(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kipp-histories-", dir=MEMORY))
        self.number = itertools.count()
        self.authors = {name: Author(name) for name in LAPTOPS}
        self.desk = Author("desk")
        self.desk.write("enrolment", person="sekretaris", desk=DESK)
        self.plan(0)
        for name, person in LAPTOPS.items():
            author = self.authors[name]
            author.write("enrolment", person=person)
            if name != "x":
                self.desk.write("admission", key=author.id, person=person)
        self.first = len(self.desk.lines)
        self.files, self.carried, self.arrived, self.taken = [], {}, [], set()
        self.checked = 0
        self.closed = {}
        self.panel = Panel(self.folder / "a", COMPETITION, DESK)
        self.send(*LAPTOPS)
        self.take(self.panel, self.files[0])

    def teardown(self):
        try:
            self.compare()
        finally:
            self.panel.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- what people do

    @rule(name=names, stage=stages, entry=entries, sheet=sheets)
    def score(self, name, stage, entry, sheet):
        self.sheet(name, "score-sheet", stage, entry, sheet)

    @rule(name=typists, entry=entries, sheet=sheets, judge=st.sampled_from(
        ["juri-5"] * 6 + ["juri-1", "juri-9"]))  # fmt: skip
    def type_paper(self, name, entry, sheet, judge):
        self.sheet(name, "paper-sheet", "presentasi", entry, sheet, judge=judge)

    @rule(entry=entries, sheet=sheets, check=st.sampled_from([None, "t1", "t2", "l2"]),
          judge=st.sampled_from(["juri-5", "juri-5", "juri-1"]))  # fmt: skip
    def type_twice(self, entry, sheet, check, judge):
        for name in ("t1", "t2"):
            self.sheet(name, "paper-sheet", "presentasi", entry, sheet, judge=judge)
        if check:
            typed = self.authors["t1"].head
            self.authors[check].write("paper-check", judge=judge, sheet=typed)

    @rule(name=typists, data=st.data(), judge=st.sampled_from(["juri-5"] * 4 + ["juri-1"]))
    def check_paper(self, name, data, judge):
        typed = self.signed("paper-sheet")
        if typed:
            sheet = data.draw(st.sampled_from(typed))
            self.authors[name].write("paper-check", judge=judge, sheet=sheet)

    @rule(name=names, stage=stages, some=st.sampled_from([None, ["e1"], ["e1", "e2"], []]),
          why=st.sampled_from(["conflict", "absent", None]), back=st.integers(0, 2))  # fmt: skip
    def abstain(self, name, stage, some, why, back):
        author = self.authors[name]
        mine = [record.id for record in author.records if record.kind == "abstention"]
        author.write("abstention", judge=LAPTOPS[name], stage=stage, entries=some, why=why,
                     supersedes=mine[-back] if 0 < back <= len(mine) else None)  # fmt: skip

    @rule(name=names, keep=st.integers(1, 4), entry=entries, mark=st.sampled_from("179"))
    def restore_an_old_copy(self, name, keep, entry, mark):
        """The laptop comes back as it was: what it signs from now on is another branch."""
        author = self.authors[name]
        self.send(name)
        del author.lines[keep:], author.records[keep:]
        self.sheet(name, "score-sheet", "presentasi", entry, ("r", {"c": mark}))

    @rule(some=st.sets(anybody, min_size=1, max_size=3), at_once=st.booleans())
    def hand_in(self, some, at_once):
        self.send(*some)
        if at_once:
            self.take(self.panel, self.files[-1])

    @rule(data=st.data())
    def deliver(self, data):
        self.take(self.panel, data.draw(st.sampled_from(self.files)))

    # -- what the desk does

    @rule(name=anybody, data=st.data())
    def revoke(self, name, data):
        """The key ends where nobody disputes it, at nothing, or at any record of any branch."""
        key = self.authors[name].id
        known = sorted({r.id for ledger in self.arrived for r in ledger if r.author == key})
        heads = [self.panel.counted_head(key), None, *known]
        self.tell("revocation", key=key, head=data.draw(st.sampled_from(heads)))

    @rule(entry=entries, sheet=sheets)
    def lose_a_laptop(self, entry, sheet):
        """The first judge's laptop ends where it stands, and the second one takes over."""
        self.send("l1")
        self.take(self.panel, self.files[-1])
        key = self.authors["l1"].id
        self.tell("revocation", key=key, head=self.panel.counted_head(key))
        self.sheet("l1b", "score-sheet", "presentasi", entry, sheet)

    @rule(name=anybody, person=persons)
    def admit(self, name, person):
        self.tell("admission", key=self.authors[name].id, person=person)

    @rule(data=st.data(), counts=st.booleans())
    def accept(self, data, counts):
        known = self.signed("score-sheet", "paper-sheet", "paper-check", "abstention")
        if known:
            chosen = data.draw(st.sampled_from(known))
            self.tell("acceptance", record=chosen, counts=counts)
            self.closed.clear()

    @rule(stage=stages, entry=entries)
    def abstain_for_a_judge(self, stage, entry):
        self.tell("abstention", judge="juri-5", stage=stage, entries=[entry])

    @rule()
    def receipt(self):
        self.tell("receipt", heads=undisputed_heads(self.panel))

    @rule(number=st.integers(0, len(PLANS) - 1))
    def plan_anew(self, number):
        self.plan(number)
        self.send(desk=True)
        self.take(self.panel, self.files[-1])

    @rule(stage=stages, older=st.booleans(), wait=st.booleans(),
          revoked=st.sampled_from([None, "l1", "l1", "l2"]))  # fmt: skip
    def close(self, stage, older, wait, revoked):
        """The desk closes at what is here; a careless one cites less of a key than it has.

        A key that is revoked just behind it takes nothing back, and its heir comes too late.
        """
        if wait:
            self.send(*LAPTOPS)
            self.take(self.panel, self.files[-1])
        before = self.counted(self.panel, stage)
        heads = undisputed_heads(self.panel)
        key = self.authors["l2"].id
        first = next(r.id for ledger in self.arrived for r in ledger if r.author == key)
        if older and stage not in self.closed and key in heads:
            heads[key] = first
        was_open = stage not in self.panel.state.closings
        self.tell("closing", stage=stage, plan=self.panel.state.plan.id, heads=heads)
        if was_open:
            after = self.counted(self.panel, stage)
            assert older or after == before
            # What the desk accepts counts in spite of a closing, also when it comes later.
            if not self.panel.state.acceptances:
                self.closed[stage] = after
        if revoked is not None:
            self.tell("revocation", key=self.authors[revoked].id, head=None)

    @precondition(lambda self: self.closed)
    @rule(stage=stages)
    def reopen(self, stage):
        self.tell("decision", about="reopen", stage=stage)
        self.closed.pop(stage, None)

    # -- what must hold

    @invariant()
    def nothing_moves_a_closed_stage(self):
        for stage, before in self.closed.items():
            assert before == self.counted(self.panel, stage)

    @invariant()
    def the_slow_fold_says_the_same(self):
        if self.checked != len(self.arrived):
            self.checked = len(self.arrived)
            self.agree(self.panel, self.arrived)

    def compare(self):
        """Give every file to this desk and, shuffled and doubled, to another."""
        self.send(*LAPTOPS, desk=True)
        for path in self.files:
            if path not in self.taken:
                self.take(self.panel, path)
        self.nothing_moves_a_closed_stage()
        self.agree(self.panel, self.arrived)
        late = random.Random(len(self.files))
        twice = [*self.files, *late.sample(self.files, len(self.files) // 3)]
        late.shuffle(twice)
        with Panel(self.folder / "b", COMPETITION, DESK) as other:
            there = []
            for number, path in enumerate(twice):
                take_bundle(other, path)
                there += self.carried[path]
                if number in {0, len(twice) // 2}:
                    self.agree(other, there)
            assert self.view(other) == self.view(self.panel)
            signed = {(r.author, r.id) for ledger in there for r in ledger}
            for desk in (self.panel, other):
                lost = {
                    identity
                    for author, identity in signed
                    if desk.projection.find(identity) is None
                    and not desk.branches.holds(author, identity)
                }
                assert not lost
            other.rebuild()
            assert self.view(other) == self.view(self.panel)
            self.read_without_a_home(other)

    def agree(self, panel, ledgers):
        """What the panel counts is what the slow fold counts of the same ledgers."""
        said = fold(ledgers, DESK, READ)
        counted, stopped = {}, set()
        for stage in STAGES:
            for entry, judge, key, seq, _, _, how in panel.projection.counted_details(stage):
                counted[stage, judge, entry] = (key, seq, how)
            stopped |= {(stage, *row) for row in panel.projection.stopped(stage)}
        assert counted == said.counted
        assert stopped == said.stopped
        assert panel.state.forked == said.forked
        assert set(panel.lacking()) == said.lacking
        assert standing(panel).complete <= (not said.lacking)

    def read_without_a_home(self, panel):
        """Whoever checks the file of results counts what the desk does, once no fork is open."""
        if panel.state.unsettled:
            return
        heads = {row.author: row.head for row in panel.projection.ledgers() if not row.desk}
        reading = Reading(DESK, panel.records(DESK), heads, panel.blob)
        for author in heads:
            take = reading.begin(author)
            for record in panel.records(author):
                take(record)
        for _, data, signature in panel.ledgers.forks():
            branch = read_ledger(data, signature)
            reading.take_branch(branch, panel.ledgers.read(branch.author)[0])
        for stage in STAGES:
            assert sorted(reading.counted(stage)) == sorted(panel.counted(stage))
            said = [(s.fact.judge, s.fact.author, s.fact.seq, s.fact.entry, s.rule)
                    for s in reading.stopped(stage)]  # fmt: skip
            assert sorted(said) == sorted(panel.projection.stopped(stage))

    def counted(self, panel, stage):
        """Return what counts in a stage: whose sheet, for what, with which total, and how."""
        return sorted(panel.projection.counted_details(stage))

    def view(self, panel):
        return (
            standing(panel),
            [self.counted(panel, stage) for stage in STAGES],
            panel.state.forked,
            panel.projection.dump(),
        )

    # -- how it is done

    def signed(self, *kinds):
        """Return the ids of what was signed and handed in or not, of some kinds."""
        there = [r for ledger in self.arrived for r in ledger]
        there += [r for author in self.authors.values() for r in author.records]
        return sorted({record.id for record in there if record.kind in kinds})

    def sheet(self, name, kind, stage, entry, sheet, **fields):
        rubric, marks = sheet
        fields |= {"rubric": RUBRICS[rubric].fingerprint, "feedback": str(next(self.number))}
        self.authors[name].write(kind, stage=stage, entry=entry, marks=marks, comments={}, **fields)

    def plan(self, number):
        self.desk.write("plan", changes=[], keeper="sekretaris", nonce=NONCE, revision=1,
                        setup=SETUPS[number].sha256, people=PEOPLE.sha256)  # fmt: skip

    def tell(self, kind, **fields):
        """Sign at the desk; the desk's own laptop knows at once."""
        self.desk.write(kind, **fields)
        self.send(desk=True)
        self.take(self.panel, self.files[-1])

    def send(self, *some, desk=False):
        """Write a file; a member's has the desk's ledger as that laptop first saw it."""
        path = self.folder / f"{next(self.number):03}.kipp"
        seen = Author("desk", lines=self.desk.lines, records=self.desk.records)
        if not desk:
            seen = Author(
                "desk", lines=seen.lines[: self.first], records=seen.records[: self.first]
            )
        authors = [seen, *(self.authors[name] for name in some)]
        planned = {r.body["setup"] for r in seen.records if r.kind == "plan"}
        write_bundle(path, competition=COMPETITION, purpose="sheets",
                     ledgers=[author.ledger() for author in authors],
                     blobs=[PEOPLE, *(b for b in SETUPS if b.sha256 in planned)])  # fmt: skip
        self.files.append(path)
        self.carried[path] = [list(author.records) for author in authors]

    def take(self, panel, path):
        take_bundle(panel, path)
        self.taken.add(path)
        self.arrived += self.carried[path]


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=200,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_who_was_named_only_on_a_branch_is_forgotten_with_it():
    history = Histories()
    history.type_paper(name="l2", entry="e1", sheet=("r", {"c": "1"}), judge="juri-9")
    history.hand_in({"l2"}, at_once=True)
    history.restore_an_old_copy(name="l2", keep=1, entry="e1", mark="1")
    history.hand_in({"l2"}, at_once=True)

    history.tell("acceptance", record=history.authors["l2"].head, counts=False)

    assert "juri-9" not in {row[0] for row in history.panel.projection.stopped("presentasi")}
    history.teardown()
