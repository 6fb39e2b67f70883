"""Who has approved results: sentence 29 of the fold."""

from dataclasses import replace

from kipp_desktop.domain.competition import Competition, Group, Rules
from kipp_desktop.domain.fold import read_desk
from kipp_desktop.domain.setup import Person, Setup
from kipp_desktop.services.approvals import approvals_in, roles_missing
from tests.examples import DESK, HASH, Author

SETUP = Setup(
    Competition("K", "O", 2021),
    (Group("umum", "Umum"),),
    Rules(()),
    (),
    (),
    (),
    (
        Person("juri-1", "", ("judge",)),
        Person("juri-2", "", ("judge",)),
        Person("ketua", "", ("chair",)),
        Person("pengamat", "", ("observer",)),
    ),
    (),
)


class Panel:
    """A desk that admitted two laptops of the first judge and one of the second."""

    def __init__(self):
        self.desk = Author("desk")
        self.desk.write("enrolment", person="sekretaris", desk=DESK)
        self.laptops = {name: Author(name) for name in ("l1", "l1b", "l2")}
        for name, person in (("l1", "juri-1"), ("l2", "juri-2")):
            self.desk.write("admission", key=self.laptops[name].id, person=person)
        self.desk.write("revocation", key=self.laptops["l1"].id)
        self.desk.write("admission", key=self.laptops["l1b"].id, person="juri-1")

    def say(self, name, person, dissent=None, record=HASH):
        author = self.desk if name == "desk" else self.laptops[name]
        author.write("approval", person=person, dissent=dissent, record=record)

    def said(self):
        own = [one for author in self.laptops.values() for one in author.records]
        return approvals_in(SETUP, read_desk(DESK, self.desk.records), own, HASH)


def words(panel):
    return {item.person: item.dissent for item in panel.said()}


def missing(panel, *roles):
    return roles_missing(replace(SETUP, rules=replace(SETUP.rules, approvals=roles)), panel.said())


def test_the_last_word_of_a_person_stands_by_admission_and_then_by_seq():
    panel = Panel()
    panel.say("l1b", "juri-1", "tidak")
    for dissent in ("belum", None, None):
        panel.say("l1", "juri-1", dissent)

    assert words(panel) == {"juri-1": "tidak"}


def test_a_members_own_word_beats_what_the_desk_recorded_and_of_that_the_last_stands():
    panel = Panel()
    panel.say("l2", "juri-2", "tidak")
    for person in ("juri-1", "juri-2"):
        panel.say("desk", person, "belum")
        panel.say("desk", person)

    assert words(panel) == {"juri-1": None, "juri-2": "tidak"}


def test_nobody_speaks_for_somebody_else_or_of_another_record():
    panel = Panel()
    panel.say("l1", "juri-2")
    panel.say("l2", "juri-2", record="cd" * 32)

    assert words(panel) == {}


def test_a_role_has_approved_when_somebody_who_holds_it_agrees():
    panel = Panel()
    panel.say("desk", "juri-1")
    panel.say("desk", "ketua", "tidak")

    assert missing(panel, "judge", "chair", "observer") == ["chair", "observer"]


def test_members_are_all_who_judge_or_chair():
    panel = Panel()
    for person in ("juri-1", "juri-2"):
        panel.say("desk", person)
    without_chair = missing(panel, "members")
    panel.say("desk", "ketua")

    assert without_chair == ["members"]
    assert missing(panel, "members") == []
