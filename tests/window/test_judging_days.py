"""The judging days by keyboard alone: a judge, the moderator and the paper desk in one ranking.

46 innovations; Juri 1 marks all of them on a laptop, Juri 2 sits in Ruang A only (1 to 21) and
writes on paper. All marks are chosen so that the places can be worked out by hand: five criteria
of weight 20 on a scale to 10, so that a total is twice the sum of the marks.

- Juri 1 gives number n marks that sum to 51 - n: totals of 100, 98, ... 10. A conflict stops the
  judge at 15, and 2 never comes. After lunch the first marks of 7, 21 and 40 become 10: 7 goes
  from 88 to 90 (9 to 10), 21 from 60 to 68 (6 to 10), 40 from 22 to 36 (3 to 10).
- Juri 2 gives one less for odd numbers (2 below in the total), the same for even ones, and 46 (a
  total of 92) for 15.
- So in Ruang A an even number has 102 - 2n, an odd one 101 - 2n, but 7 has (90 + 86) / 2 = 88, 15
  has the 92 of Juri 2 alone, and 21 has (68 + 58) / 2 = 63, which is what 19 has. In Ruang B it is
  102 - 2n, but 40 has 36, which is what 33 has. The ladder compares ``efektif``, the second
  criterion: 19 has 7 and 6 (6.5) and 21 has 6 and 6, 33 has 4 and 40 has 2.
"""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.domain.records import parse
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import agenda, assigning
from tests.flow.kipp import done
from tests.window import judge_steps, panel_day, panels, paper_typing
from tests.window.agenda_steps import run_four_slots
from tests.window.keyboard import modal
from tests.window.panel_day import column, open_page, said

ENTRIES, ROOM_A = 46, 21
STAGE = "presentasi"
SLIP, BELONGS, CONFLICT, NEVER_CAME = 12, 13, 15, 2
LATER = (7, 21, 40)
WRONG_TOTAL = 9
"""On this paper Juri 2 added wrongly; the last one has no total at all."""

#: (number, score, place), worked out as above; 2 has no place.
EXPECTED = (
    *((1, "99", 1), (3, "95", 2), (4, "94", 3), (15, "92", 4), (5, "91", 5), (6, "90", 6)),
    *((7, "88", 7), (8, "86", 8), (9, "83", 9), (10, "82", 10), (11, "79", 11), (12, "78", 12)),
    *((13, "75", 13), (14, "74", 14), (16, "70", 15), (17, "67", 16), (18, "66", 17)),
    *((19, "63", 18), (21, "63", 19), (20, "62", 20)),
    *((number, str(102 - 2 * number), number - 1) for number in range(22, 34)),
    (40, "36", 33),
    *((number, str(102 - 2 * number), number) for number in range(34, 40)),
    *((number, str(102 - 2 * number), number - 1) for number in range(41, 47)),
)


def marks_of(total):
    """Return five marks with this sum, as equal as they can be, the higher ones first."""
    least, rest = divmod(total, 5)
    return [least + (at < rest) for at in range(5)]


def juri_1(number):
    return marks_of(51 - number)


def juri_2(number):
    return marks_of(46 if number == CONFLICT else 51 - number - number % 2)


def written_by_juri_2(number):
    if number == ROOM_A:
        return ""
    return "99" if number == WRONG_TOTAL else str(2 * sum(juri_2(number)))


def two_rooms(home, panel):
    """Seat Juri 1 in both rooms and Juri 2 in the first; who sits there marks."""
    one, two = (assigning.person_named(panel, f"Juri {n}") for n in (1, 2))
    today = datetime.now().astimezone().date()
    tomorrow = today + timedelta(days=1)
    agenda.add_session(home, panel, STAGE, today, "Ruang A", 0, 30 * ROOM_A, [one, two])
    rest = 30 * (ENTRIES - ROOM_A)
    agenda.add_session(home, panel, STAGE, tomorrow, "Ruang B", 0, rest, [one])
    agenda.fill(home, panel, STAGE)
    assigning.assign_by_rooms(home, panel, STAGE)


@pytest.fixture
def desk(tmp_path):
    made = panels.publish_desk(tmp_path, ENTRIES, judges=2, clerks=1, prepare=two_rooms)
    panels.join_as(made, "Juri 1")
    panels.join_as(made, "Petugas 1", at_desk=True)
    return made


def run_the_judge(window, qtbot, dialogs, monkeypatch, out):
    """Mark all but two, see a slip, abstain once, lift three marks, sign once and hand in."""
    given = {number: juri_1(number) for number in range(1, ENTRIES + 1)}
    as_typed = given | {SLIP: given[BELONGS], BELONGS: [], CONFLICT: [], NEVER_CAME: []}
    judge_steps.mark_all(window, qtbot, as_typed.items())
    assert window.page.sheets.done == ENTRIES - 3
    judge_steps.open_entry(window, qtbot, "Contoh 12", SLIP)
    judge_steps.move_marks(window, qtbot, dialogs, str(BELONGS))
    judge_steps.open_entry(window, qtbot, "Contoh 12", SLIP)
    judge_steps.mark_sheet(window, qtbot, given[SLIP])
    judge_steps.open_entry(window, qtbot, "Contoh 15", CONFLICT)
    judge_steps.abstain_here(window, qtbot, dialogs, "Pernah membina inovasi ini")
    judge_steps.adjust_first_marks(window, qtbot, list(map(str, LATER)), "10")
    assert str(ENTRIES - 2) in window.page.sign_button.text()
    judge_steps.sign_and_hand_in(window, qtbot, dialogs, monkeypatch, out)


def run_the_paper_desk(window, qtbot, dialogs):
    """Type 20 papers twice, with three errors and one wrong total on paper, and settle them."""
    numbers = [n for n in range(1, ROOM_A + 1) if n != NEVER_CAME]
    stack = paper_typing.Stack(
        {str(n): juri_2(n) for n in numbers}, {str(n): written_by_juri_2(n) for n in numbers}
    )
    paper_typing.choose_judge(window, qtbot, 1)
    never, *rest = sorted(window.page.model.rows(), key=lambda row: row.due)
    assert (never.number, never.key) == (str(NEVER_CAME), "absent")
    assert [row.number for row in rest] == list(stack.marks)
    paper_typing.type_stack(window, qtbot, dialogs, stack, str(WRONG_TOTAL))
    paper_typing.type_blind(window, qtbot, dialogs, stack, str(WRONG_TOTAL))
    assert paper_typing.states(window) == ["twice", "absent", *["twice"] * 18, "differs"]
    right = juri_2(ROOM_A)[2]
    names = ("Sekretariat", "Petugas 1")
    paper_typing.settle_difference(window, qtbot, dialogs, right, names)
    assert paper_typing.states(window) == ["twice", "absent", *["twice"] * 19]


def take_the_file(window, qtbot, dialogs, monkeypatch, file):
    """Look at the judge's file in Berkas masuk and store it."""
    dialogs.expect("ArrivalPreviewDialog")
    monkeypatch.setattr(files, "choose_open", lambda *_arguments, **_more: [file])
    page = open_page(window, "inbox", qtbot)
    panels.press(window, qtbot, Qt.Key.Key_O, judge_steps.CTRL)
    modal(qtbot)
    panels.press(window, qtbot, Qt.Key.Key_Return)
    assert column(page.files, 3)[0].startswith(said("Received {time}", time=""))
    return [(line.done, line.total) for _, line, _, _ in page.completeness._rows]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_judge_the_moderator_and_the_paper_desk_meet_in_one_ranking(
    app, desk, qtbot, dialogs, monkeypatch
):
    handed_in = desk.folder / "stik" / "juri-1.kipp"

    # On the judge's laptop
    window = panels.open_window(desk.folder / "juri-1", "member", PAGES)
    panels.settle(window, qtbot)
    run_the_judge(window, qtbot, dialogs, monkeypatch, handed_in)
    panels.close_window(window, qtbot)
    # At the desk
    window = panels.open_window(desk.folder / "desk", "desk", PAGES)
    panels.settle(window, qtbot)
    open_page(window, "agenda", qtbot)
    ran = run_four_slots(window, qtbot, dialogs, lambda: window)
    open_page(window, "paper", qtbot)
    run_the_paper_desk(window, qtbot, dialogs)
    complete = take_the_file(window, qtbot, dialogs, monkeypatch, handed_in)
    ranking = open_page(window, "ranking", qtbot)
    hidden = not ranking.table_card.isVisible()
    panel_day.tab_to("show_button")
    panels.press(window, qtbot, Qt.Key.Key_Space)
    shown = [column(ranking.table, at) for at in (2, 5, 0, 7)]
    asked = ranking.questions_card.isVisible()
    panels.close_window(window, qtbot)
    answer = done(desk.folder / "desk", "rank")

    assert ran.order == ["1", "3", "2", "4"]
    assert complete == [(44, 44), (20, 20)]
    assert hidden
    assert not asked
    numbers, scores, places, awards = shown
    assert numbers == [*(str(number) for number, _, _ in EXPECTED), str(NEVER_CAME)]
    assert scores == [*(f"{score},00" for _, score, _ in EXPECTED), "–"]
    assert places == [*(str(place) for _, _, place in EXPECTED), ""]
    assert awards[:7] == ["Top 3"] * 3 + ["Top 6"] * 3 + [""]
    assert awards[-1] == said("absent")
    assert answer["complete"]
    (group,) = answer["groups"]
    entries = {item["number"]: item for item in group["entries"]}
    assert len(entries) == ENTRIES
    for number, score, place in EXPECTED:
        item = entries[str(number)]
        assert (item["place"], item["exact"]) == (place, score)
        assert item["sheets"] == (2 if number <= ROOM_A and number != CONFLICT else 1)
    assert entries[str(NEVER_CAME)]["place"] is None
    _judge_signed_what_was_meant(handed_in, desk)
    _papers_count_as_typed_twice(desk)


def _judge_signed_what_was_meant(file, desk):
    with zipfile.ZipFile(file) as bundle:
        own = [
            parse(line)
            for name in bundle.namelist()
            if name.endswith(".ndjson")
            for line in bundle.read(name).splitlines()
        ]
    with desk.home.open(desk.listed) as panel:
        numbers = {entry.id: int(entry.number) for entry in panel.setup.entries}
        leaves = [leaf.id for leaf in panel.setup.rubrics[0].judged.leaves]
    expected = {n: juri_1(n) for n in range(1, ENTRIES + 1) if n not in {CONFLICT, NEVER_CAME}}
    for number in LATER:
        expected[number][0] = 10
    sheets = {numbers[r.body["entry"]]: r.body["marks"] for r in own if r.kind == "score-sheet"}
    assert {n: [int(marks[c]) for c in leaves] for n, marks in sheets.items()} == expected
    abstained = [r.body for r in own if r.kind == "abstention"]
    assert [(numbers[b["entries"][0]], b["why"]) for b in abstained] == [(CONFLICT, "conflict")]


def _papers_count_as_typed_twice(desk):
    with desk.home.open(desk.listed) as panel:
        counted = [
            row for row in panel.projection.counted_details(STAGE) if row[6] == "paper-twice"
        ]
        denominator = panel.setup.rubrics[0].judged.denominator
        numbers = {entry.id: int(entry.number) for entry in panel.setup.entries}
        clerk = desk.home.card(panel.competition, "clerk")
        typed = [r.body for r in panel.records(clerk.fingerprint, "paper-sheet")]
    assert {numbers[row[0]]: Fraction(row[4], denominator) for row in counted} == {
        n: 2 * sum(juri_2(n)) for n in range(1, ROOM_A + 1) if n != NEVER_CAME
    }
    assert {numbers[body["entry"]]: body["written_total"] for body in typed} == {
        n: written_by_juri_2(n) or None for n in range(1, ROOM_A + 1) if n != NEVER_CAME
    }
    (correction,) = [body for body in typed if body["supersedes"] is not None]
    assert numbers[correction["entry"]] == ROOM_A
    assert correction["reason"]
