"""Which branch of a forked key is read: sentences 25 and 26 of the fold."""

import pytest

from kipp_desktop.domain.fold import read_desk
from kipp_desktop.services.branches import Branches
from kipp_desktop.storage.ledgers import LedgerFiles
from tests.examples import DESK, Author, judge

KEY = Author("judge").id


@pytest.fixture
def three(tmp_path):
    """Three branches of one key that share two records; the first is read. By their heads."""
    whole = judge(1)
    branches = []
    for entry in ("e7", "e8", "e9"):
        author = Author("judge", lines=whole.lines[:2], records=whole.records[:2])
        author.write("score-sheet", entry=entry)
        author.write("score-sheet", entry=entry)
        branches.append(author)
    branches.sort(key=lambda author: author.head)
    files = LedgerFiles(tmp_path)
    files.replace(KEY, branches[0].data, branches[0].signature)
    for author in branches[1:]:
        files.add_fork(author.head, author.data, author.signature)
    made = Branches(files)
    made.load()
    return made, branches


def desk_that(*records):
    author = Author("desk")
    author.write("enrolment", person="sekretaris", desk=DESK)
    author.write("admission", key=KEY)
    for kind, fields in records:
        author.write(kind, **fields)
    return read_desk(DESK, author.records)


def read(three, *records):
    """Return which of the branches, by their heads, is read when the desk says so."""
    made, branches = three
    head = made.to_read(KEY, desk_that(*records)) or branches[0].head
    return [author.head for author in branches].index(head)


def closing(author, stage="presentasi"):
    return "closing", {"stage": stage, "heads": {KEY: author.head}}


def revocation(author):
    return "revocation", {"key": KEY, "head": author.head}


def acceptance(author):
    return "acceptance", {"record": author.head}


def receipt(author):
    return "receipt", {"heads": {KEY: author.head}}


def test_without_a_word_of_the_desk_the_smallest_head_is_read(three, tmp_path):
    made, branches = three
    files = LedgerFiles(tmp_path)
    files.swap(KEY, branches[2].head)
    made.load()

    assert made.to_read(KEY, desk_that()) == branches[0].head
    assert read(three) == 0


@pytest.mark.parametrize("cite", [closing, revocation, acceptance, receipt])
def test_the_branch_that_the_desk_cites_is_read(three, cite):
    assert read(three, cite(three[1][2])) == 2


def test_what_all_share_decides_nothing(three):
    shared = Author("judge", records=three[1][0].records[:2])

    assert read(three, closing(shared), acceptance(three[1][1])) == 1


def test_closings_come_first_then_the_revocation_acceptances_and_receipts(three):
    first, second, third = three[1]

    assert read(three, receipt(first), acceptance(second)) == 1
    assert read(three, acceptance(first), revocation(third)) == 2
    assert read(three, revocation(first), closing(second)) == 1
    assert read(three, closing(third, "wawancara"), closing(second)) == 2


def test_what_one_citation_leaves_open_the_next_one_decides(three):
    made, branches = three
    nearer = Author("judge", lines=branches[2].lines[:3], records=branches[2].records[:3])
    nearer.write("score-sheet", entry="e5")
    made.others[KEY].append([record.id for record in nearer.records])
    both = Author("judge", records=nearer.records[:3])
    state = desk_that(closing(both), acceptance(nearer))

    assert made.to_read(KEY, state) == nearer.head


def test_a_head_on_another_branch_stands_for_the_last_record_that_both_share(three):
    made, branches = three

    assert made.forked() == {KEY: 2}
    assert made.seq_of(KEY, branches[1].head) == 2
    assert made.seq_of(KEY, branches[1].records[0].id) == 1
    assert made.seq_of(KEY, "ab" * 32) is None


def test_a_fork_counts_to_what_all_branches_share(three):
    made, branches = three
    earlier = Author("judge", lines=branches[0].lines[:1], records=branches[0].records[:1])
    earlier.write("score-sheet", entry="e4")

    made.others[KEY].append([record.id for record in earlier.records])

    assert made.forked() == {KEY: 1}
    assert made.shared_head(KEY) == branches[0].records[0].id
