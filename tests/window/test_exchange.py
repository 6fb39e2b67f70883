"""Files, words and keys at the desk and back, by keyboard alone."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.keys import unlock
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import (
    admission,
    arrivals,
    inbox,
    joining,
    judging,
    keyring,
    resolutions,
    score_import,
)
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.window import panel_day, panels
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
from tests.window.keyboard import modal
from tests.window.panel_day import column, open_page, press, said, settle, tab_to, write

CONTROL = Qt.KeyboardModifier.ControlModifier
JUDGES = ("Juri 1", "Juri 2", "Juri 3", "Juri 4", "Juri 5")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    return panel_day.begin(tmp_path_factory.mktemp("hari"), JUDGES)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A file of another competition."""
    made = panels.publish_desk(tmp_path_factory.mktemp("lain"), entries=2)
    return made.package


@pytest.fixture(autouse=True)
def expected(dialogs):
    for name in (
        "ArrivalPreviewDialog",
        "HistoryDialog",
        "RevokeDialog",
        "ForkDialog",
        "ChangePassphraseDialog",
        "PassphraseDialog",
    ):
        dialogs.expect(name)


def choose(monkeypatch, *paths):
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_args, **_more: list(paths))


def stick(tmp_path, day, elsewhere):
    """A stick: five good files in a subfolder, and three that are not, among photographs."""
    top = tmp_path / "STICK"
    inner = top / "KIPP" / "hari ini"
    inner.mkdir(parents=True)
    for judge in JUDGES:
        shutil.copy(day.files[judge], inner)
    shutil.copy(day.files["Juri 1"], top / "catatan rapat.docx")
    (top / "terpotong.kipp").write_bytes(day.files["Juri 2"].read_bytes()[:-333])
    shutil.copy(elsewhere, top / "paket kota lain.kipp")
    (top / "foto.jpg").write_bytes(b"\xff\xd8\xff" * 50)
    (top / "._juri-1.kipp").write_bytes(b"\0\5\x16\7 notes of a system")
    (inner / "laporan.zip").write_bytes(b"PK\x03\x04" + bytes(60))
    return top


def read_desk(window, qtbot, ask):
    """Return what a service says in the window's database thread."""
    found = []
    panel = window.house.session.context.panel
    window.house.run(lambda _task: ask(panel), found.append)
    settle(window, qtbot)
    return found[0]


def test_a_whole_stick_is_looked_at_stored_receipted_and_found_again(  # noqa: PLR0917 - fixtures
    at_desk, day, elsewhere, monkeypatch, qtbot, tmp_path
):
    top = stick(tmp_path, day, elsewhere)
    window = at_desk()
    page = open_page(window, "inbox", qtbot)
    monkeypatch.setattr(file_dialogs, "choose_folder", lambda *_args: top)

    press(Qt.Key.Key_O, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    settle(window, qtbot)
    preview = modal(qtbot)
    names, outcomes = column(preview.table, 1), column(preview.table, 3)
    contents, summary = column(preview.table, 2), preview.summary_label.text()
    assert unnamed_controls(preview) == []
    assert unreachable_controls(preview) == []
    stored_before = read_desk(window, qtbot, lambda panel: len(panel.projection.ledgers()))
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert outcomes[:2] == [said("Refused")] * 2
    assert set(names[:2]) == {"terpotong.kipp", "paket kota lain.kipp"}
    assert outcomes.count(said("Waits to be compared")) == 5
    assert outcomes.count(said("Already here")) == 1
    assert contents[-1] == said("The very same file as {file}", file="catatan rapat.docx")
    assert said("{count} score sheets", count=5) in contents[3]
    assert "3" in summary
    assert stored_before == 1 + 1  # the desk's and the clerk's
    assert read_desk(window, qtbot, lambda panel: len(panel.projection.ledgers())) == 7

    kept = {
        path.stem: path.read_bytes() for path in day.desk_home.glob("competitions/*/received/*")
    }
    good = {hashlib.sha256(day.files[j].read_bytes()).hexdigest() for j in JUDGES}
    assert set(kept) == good
    assert all(hashlib.sha256(data).hexdigest() == name for name, data in kept.items())

    tab_to("history_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    history = modal(qtbot)
    everything = history.model.rowCount()
    write(hashlib.sha256((top / "terpotong.kipp").read_bytes()).hexdigest()[:16])
    found = column(history.table, 1)
    assert everything == 8
    assert found == ["terpotong.kipp"]
    assert unnamed_controls(history) == []
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Escape)
    settle(window, qtbot)

    tab_to("return_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    assert (top / "tanda-terima.kipp").is_file()
    assert not page.receipt_card.isVisible()

    judge = tmp_path / "rumah-juri"
    shutil.copytree(handed_home(day, "juri-1"), judge)
    laptop = panels.open_window(judge, "member", PAGES, tmp_path / "j.toml")
    panels.settle(laptop, qtbot)
    hand_in = laptop.go_to("hand-in")
    panels.settle(laptop, qtbot)
    before = hand_in.receipt_label.text()
    choose(monkeypatch, top / "tanda-terima.kipp")
    hand_in.receipt_button.setFocus()
    panels.press(laptop, qtbot, Qt.Key.Key_Space)
    panels.settle(laptop, qtbot)
    after = hand_in.receipt_label.text()
    panels.close_window(laptop, qtbot)
    assert before == said("No receipt of the desk has been read on this laptop yet.")
    assert after == said("The desk has received all {total} records.", total=6)


def handed_home(day, name):
    """The home of a judge, which stands beside the module's own desk."""
    return day.files["Juri 1"].parent.parent / "homes" / name


def test_the_words_of_several_laptops_are_typed_one_after_the_other(at_desk, day, qtbot):
    day.merge(JUDGES, admit=False)
    window = at_desk()
    open_page(window, "inbox", qtbot)
    tab_to("keys_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    page = window.page
    hidden = column(page.table, 2)

    tab_to("words")
    for _ in JUDGES:
        title = page.compare_card.title_label.text()
        write(day.judge_words[next(judge for judge in JUDGES if judge in title)])
        press(Qt.Key.Key_Return)
        settle(window, qtbot)

    shown = dict(zip(column(page.table, 0), column(page.table, 2), strict=True))
    assert hidden.count(said("typed first, then shown")) == 5
    assert {judge: shown[judge] for judge in JUDGES} == day.judge_words
    assert not page.compare_card.isVisible()
    assert page.desk_words.text() == day.words
    assert QApplication.focusWidget() is page.table
    assert unnamed_controls(page) == []
    assert unreachable_controls(page) == []
    assert clipped_texts(page) == []


def test_a_second_laptop_is_void_until_the_first_one_is_revoked(
    at_desk, day, monkeypatch, qtbot, tmp_path
):
    day.merge(JUDGES)
    second = Home(Context(home=tmp_path / "laptop-2"))
    out = tmp_path / "laptop-2.kipp"
    joined = joining.join(second, day.files["Juri 1"].parent / "paket.kipp", "Juri 1", out)
    table = tmp_path / "nilai.csv"
    panel_day._write(table, ("nomor", *panel_day.CRITERIA), [("1", 1, 1, 1, 1, 1)])
    with second.open(joined.listed) as panel:
        card = second.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        score_import.import_scores(second, panel, marker, table)
        judging.submit(second, panel, marker, second.unlock(card))
        joining.write_hand_in(panel, card, out)
    window = at_desk()
    page = open_page(window, "inbox", qtbot)
    choose(monkeypatch, out)

    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    tab_to("words")
    write(joined.words)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    told = window.messages.what_label.text()
    outcome = column(page.files, 3)[0]
    void = read_desk(window, qtbot, lambda panel: _counted(panel, joined.fingerprint))
    tab_to("files")
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    keys = window.page
    state = column(keys.table, 1)[0]
    tab_to("table")
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    dialog = modal(qtbot)
    what = dialog.what_label.text()
    disabled = not dialog._ok.isEnabled()
    assert unnamed_controls(dialog) == []
    write("Laptop pertama rusak (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert told == said(
        "{name} has a key that speaks already; the second laptop is noted, and counts only once "
        "the first one is revoked.",
        name="Juri 1",
    )
    assert outcome == said("Second laptop, void")
    assert void == []
    assert state == said("second laptop, void")
    assert "Juri 1" in what
    assert disabled
    assert read_desk(window, qtbot, lambda panel: _counted(panel, joined.fingerprint)) == ["1"]
    states = {
        line.key: line.state
        for line in read_desk(window, qtbot, keyring.keys_view).lines
        if line.name == "Juri 1"
    }
    assert sorted(states.values()) == ["admitted", "revoked"]
    assert states[joined.fingerprint] == "admitted"


def _counted(panel, key):
    """The numbers of the entries for which a sheet of this key counts."""
    numbers = {entry.id: entry.number for entry in panel.setup.entries}
    return [
        numbers[entry]
        for entry, _, author, _, _, _, _ in panel.projection.counted_details("presentasi")
        if author == key
    ]


def test_a_fork_is_seen_mark_by_mark_and_settled_into_the_minutes(
    at_desk, day, monkeypatch, qtbot, tmp_path
):
    day.merge(JUDGES)
    files = []
    for number, mark in (("a", 3), ("b", 10)):
        folder = tmp_path / f"juri-1-{number}"
        shutil.copytree(handed_home(day, "juri-1"), folder)
        files.append(_correct(folder, tmp_path / f"{number}.kipp", mark))
    window = at_desk()
    open_page(window, "inbox", qtbot)
    for file in files:
        choose(monkeypatch, file)
        press(Qt.Key.Key_O, CONTROL)
        settle(window, qtbot)
        preview = column(modal(qtbot).table, 2)
        press(Qt.Key.Key_Return)
        settle(window, qtbot)
    tab_to("files")
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    tab_to("table")
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    dialog = modal(qtbot)
    marks = list(zip(*(column(dialog.table, n) for n in (1, 2, 4)), strict=True))
    compared = column(dialog.table, 6)
    sides = [choice.accessibleDescription() for choice in dialog.choices]
    assert unnamed_controls(dialog) == []
    assert unreachable_controls(dialog) == []
    second = next(n for n, row in enumerate(marks[0][1:]) if row == "10")
    tab_to("side_0")
    for _ in range(second):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Space)
    tab_to("reason")
    write("Salinan lama dipulihkan (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert preview == [
        said(
            "Differs from what had arrived: {shared} records are the same, then {there} here and "
            "{held} held before",
            shared=6,
            there=1,
            held=1,
        )
    ]
    assert {marks[0][1], marks[0][2]} == {"3", "10"}
    assert compared.count(said("differs")) == 1
    assert compared.count(said("the same")) == 4
    assert sum(said("no record of the desk cites it") in text for text in sides) == 1
    outcomes = {one.outcome for one in read_desk(window, qtbot, arrivals.inbox_view).arrivals}
    assert "settled" in outcomes
    assert "forked" not in outcomes
    kept = list(day.desk_home.glob("competitions/*/forks/*.ndjson"))
    assert len(kept) == 1
    counted = read_desk(window, qtbot, _first_mark)
    assert counted == "10"
    minutes = read_desk(
        window, qtbot, lambda panel: [str(t) for t in resolutions.sentences(panel, panel.setup)]
    )
    assert any("two different versions" in t and "Salinan lama" in t for t in minutes)


def _correct(folder, out, mark):
    """Correct the first mark of the first entry on a judge's laptop, and hand in."""
    home = Home(Context(home=folder))
    table = folder / "nilai.csv"
    panel_day._write(table, ("nomor", *panel_day.CRITERIA), [("1", mark, 9, 9, 9, 9)])
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        score_import.import_scores(home, panel, marker, table)
        judging.submit(home, panel, marker, home.unlock(card), reason="Salah ketik")
        joining.write_hand_in(panel, card, out)
    return out


def _first_mark(panel):
    from kipp_desktop.domain.sheet import unpack

    entry = next(entry.id for entry in panel.setup.entries if entry.number == "1")
    judge = next(person.id for person in panel.setup.persons if person.name == "Juri 1")
    rubric = panel.setup.rubric_of(panel.setup.rules.stage("presentasi"))
    return next(
        unpack(rubric, marks)["kebaruan"]
        for where, who, _, _, _, marks, _ in panel.projection.counted_details("presentasi")
        if (where, who) == (entry, judge)
    )


def test_a_changed_passphrase_signs_and_the_old_one_does_not(app, qtbot, tmp_path):
    made = panels.publish_desk(tmp_path, entries=1, judges=1)
    folder = panels.join_as(made, "Juri 1", passphrase="kata lama")
    window = panels.open_window(folder, "member", PAGES)
    panels.settle(window, qtbot)
    window.go_to("settings")
    panels.settle(window, qtbot)
    window.page.passphrase_button.setFocus()

    panels.press(window, qtbot, Qt.Key.Key_Space)
    dialog = modal(qtbot)
    for name, typed in (("old", "kata salah"), ("first", "kata baru"), ("again", "kata baru")):
        tab_to(name)
        write(typed)
    panels.settle(window, qtbot)
    assert unnamed_controls(dialog) == []
    assert clipped_texts(dialog) == []
    press(Qt.Key.Key_Return)
    panels.settle(window, qtbot)
    refused = dialog.problem_label.text()
    write("kata lama")
    press(Qt.Key.Key_Return)
    panels.settle(window, qtbot)
    panels.close_window(window, qtbot)

    assert said("The passphrase for the key of {name} is wrong.", name="Juri 1") in refused
    home = Home(Context(home=folder))
    card = home.card(made.listed.id, "member")
    path = home.identity_path(card.fingerprint)
    assert unlock(path, "kata baru").card.protected
    with pytest.raises(KippError) as old:
        unlock(path, "kata lama")
    assert old.value.code == "wrong-passphrase"
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    assert _signs(folder, "kata baru")
    assert not _signs(folder, "kata lama")


def _signs(folder, passphrase):
    """Whether a sheet can be signed with a passphrase and handed in."""
    home = Home(Context(home=folder, passphrase=lambda _name: passphrase))
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        try:
            identity = home.unlock(card)
        except KippError:
            return False
        judging.abstain(home, panel, marker, identity, ["1"], "absent", "Sakit (contoh)")
        return joining.write_hand_in(panel, card, folder / "serah.kipp") == 2


def test_giving_up_the_preview_stores_nothing(at_desk, day, monkeypatch, qtbot):
    window = at_desk()
    page = open_page(window, "inbox", qtbot)
    choose(monkeypatch, *day.files.values())

    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    press(Qt.Key.Key_Escape)
    settle(window, qtbot)

    view = read_desk(window, qtbot, arrivals.inbox_view)
    assert view.history == ()
    assert list(day.desk_home.glob("competitions/*/received/*")) == []
    assert not page.receipt_card.isVisible()


def test_a_file_that_changed_after_it_was_looked_at_is_refused(day, tmp_path):
    file = tmp_path / "juri.kipp"
    shutil.copy(day.files["Juri 1"], file)
    home = day.home()
    with home.open(home.choose()) as panel:
        examined = inbox.examine(home, panel, [file])
        shutil.copy(day.files["Juri 2"], file)

        merged = inbox.store(home, panel, examined)

        assert [item.outcome for item in merged.outcomes] == ["refused"]
        assert merged.outcomes[0].reason.code == "changed"
        assert len(panel.projection.ledgers()) == 2


def test_cancelling_keeps_the_files_that_were_read_whole(day):
    files = [day.files[judge] for judge in JUDGES]
    home = day.home()
    begun = set()
    stopping = Home(
        replace(
            home.context,
            progress=lambda _share, text: begun.add(text.values.get("file")),
            cancelled=lambda: len(begun) == 3,
        )
    )
    with home.open(home.choose()) as panel:
        merged = inbox.store(stopping, panel, inbox.examine(home, panel, files))

        assert len(merged.outcomes) == 2
        assert len(panel.received.all()) == 2
        assert len(panel.projection.ledgers()) == 2 + 2
        for key, person in inbox.waiting_keys(panel):
            admission.admit(home, panel, key, day.judge_words[panel.setup.name_of(person)])
        assert len(panel.projection.counted_details("presentasi")) == 2 * 5
