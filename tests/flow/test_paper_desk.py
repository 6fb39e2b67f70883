"""The paper desk by command: sheets to print, forms filled in elsewhere, proofs, moved marks."""

import subprocess

import openpyxl
import pytest

from kipp_desktop.domain.sheet import Notes
from kipp_desktop.errors import KippError
from kipp_desktop.services import judging, keeping, moving, paper
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.flow.kipp import CRITERIA, MARKS, done, kipp, marks_table

FIRST_ROW = 6


def text_of(path):
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def pages_of(path):
    """Return the text of each page; white space folded."""
    return [" ".join(page.split()) for page in text_of(path).split("\f")[:-1]]


def type_paper(competition, judge, marks):
    source = marks_table(competition.folder / "kertas.csv", marks)
    done(competition.desk, "scores", "import", source, "--as", judge)
    return done(competition.desk, "scores", "submit", "--as", judge, "--all")


def filled_form(competition, judge="Juri 2", name="lembar-juri-2.xlsx", marks=None):
    """Write a judge's form and fill it in as on another machine; return its path."""
    path = competition.folder / name
    done(competition.desk, "paper", "form", "--as", judge, "--out", path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Nilai"]
    for row in range(FIRST_ROW, sheet.max_row + 1):
        given = (marks or MARKS[judge])[sheet.cell(row, 1).value]
        for column, mark in enumerate(given, start=4):
            sheet.cell(row, column).value = mark
    sheet.cell(FIRST_ROW, 10).value = "Perjelas data sebelum inovasi."
    workbook.save(path)
    return path


def records(competition, kind):
    home = Home(Context(home=competition.desk))
    with home.open(home.choose()) as panel:
        clerk = home.card(panel.competition, "clerk")
        return [record.body for record in panel.records(clerk.fingerprint, kind)]


def numbers(competition):
    home = Home(Context(home=competition.desk))
    with home.open(home.choose()) as panel:
        return {entry.id: entry.number for entry in panel.setup.entries}


def test_there_is_one_page_for_each_judge_and_entry(planned):
    out = planned.folder / "lembar.pdf"

    answer = done(planned.desk, "paper", "form", "--out", out)

    pages = pages_of(out)
    assert answer == {"file": str(out), "sheets": 6}
    assert len(pages) == 6
    assert "Juri 1" in pages[0]
    assert "01 – Kebun Si Pintar" in pages[0]
    assert "Juri 2" in pages[5]
    assert "03 – Peta Baper" in pages[5]
    assert all("Berkelanjutan" in page for page in pages)


def test_a_spare_sheet_names_nobody(planned):
    out = planned.folder / "cadangan.pdf"

    done(planned.desk, "paper", "form", "--blank", "--out", out)

    (page,) = pages_of(out)
    assert "Juri 1" not in page
    assert "Kebun" not in page


def test_only_the_wanted_sheets_are_written(planned):
    out = planned.folder / "lembar.pdf"

    done(planned.desk, "paper", "form", "--as", "Juri 2", "--entry", "02", "--out", out)

    (page,) = pages_of(out)
    assert "02 – Getar Dilan" in page


def test_a_book_has_the_guide_and_every_entry(planned):
    out = planned.folder / "buku.pdf"

    done(planned.desk, "paper", "form", "--as", "Juri 1", "--book", "--out", out)

    text = text_of(out)
    assert "Unsur barunya jelas" in text
    assert all(title in text for title in ("Kebun Si Pintar", "Getar Dilan", "Peta Baper"))


def test_a_filled_sheet_and_the_proof_carry_the_typed_marks(planned):
    type_paper(planned, "Juri 2", MARKS["Juri 2"])
    sheet, proof = planned.folder / "terisi.pdf", planned.folder / "bukti.pdf"

    done(planned.desk, "paper", "form", "--filled", "--as", "Juri 2", "--out", sheet)
    answer = done(planned.desk, "paper", "proof", "--as", "Juri 2", "--out", proof)

    assert "80" in pages_of(sheet)[0]
    assert answer["sheets"] == 3
    text = text_of(proof)
    ids = [body["sheet"] for body in records(planned, "paper-check")]
    assert ids == []
    assert text.count("Sekretariat") >= 3
    assert "66" in text


def test_the_proof_leaves_out_what_is_initialled(planned):
    type_paper(planned, "Juri 2", MARKS["Juri 2"])
    done(planned.desk, "paper", "check", "--as", "Juri 2", "--entry", "01")
    proof = planned.folder / "bukti.pdf"

    answer = done(planned.desk, "paper", "proof", "--as", "Juri 2", "--out", proof)
    done(planned.desk, "paper", "check", "--as", "Juri 2", "--all")
    nothing = kipp(planned.desk, "paper", "proof", "--as", "Juri 2", "--out", proof)

    assert answer["sheets"] == 2
    assert nothing.code == "no-sheets"


def test_a_filled_form_is_read_back_as_the_judges_typed_sheets(planned):
    form = filled_form(planned)

    report = done(planned.desk, "scores", "import", form, "--as", "Juri 2")
    done(planned.desk, "scores", "submit", "--as", "Juri 2", "--all")
    done(planned.desk, "paper", "check", "--as", "Juri 2", "--all")

    assert (report["rows"], report["added"], report["problems"]) == (3, 3, [])
    number = numbers(planned)
    sheets = records(planned, "paper-sheet")
    assert {sheet["source"] for sheet in sheets} == {"form"}
    assert {
        number[sheet["entry"]]: tuple(int(sheet["marks"][c]) for c in CRITERIA) for sheet in sheets
    } == MARKS["Juri 2"]
    assert sheets[0]["feedback"] == "Perjelas data sebelum inovasi."
    people = {p["person"]: p for p in done(planned.desk, "status")["people"]}
    assert (people["Juri 2"]["sent"], people["Juri 2"]["paper"]) == (3, 3)


def test_a_form_saved_by_libreoffice_is_read_all_the_same(planned):
    form = filled_form(planned)
    out = planned.folder / "disimpan"

    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{planned.folder}/lo", "--headless",
         "--convert-to", "xlsx", "--outdir", out, form],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    report = done(planned.desk, "scores", "import", out / form.name, "--as", "Juri 2")

    assert (report["rows"], report["added"], report["problems"]) == (3, 3, [])


def test_a_mark_off_the_scale_in_a_form_leaves_out_its_row(planned):
    form = filled_form(planned, marks={**MARKS["Juri 2"], "02": (7, 6, 12, 6, 7)})

    report = done(planned.desk, "scores", "import", form, "--as", "Juri 2")

    assert report["added"] == 2
    assert [(p["row"], p["field"]) for p in report["problems"]] == [(7, "Bermanfaat")]


def test_the_form_of_another_judge_is_refused(planned):
    form = filled_form(planned)

    answer = kipp(planned.desk, "scores", "import", form, "--as", "Juri 1")

    assert answer.code == "other-form"
    assert "Juri 2" in answer.err


def test_a_form_without_its_headings_is_refused(planned):
    form = filled_form(planned)
    workbook = openpyxl.load_workbook(form)
    workbook["Nilai"].cell(FIRST_ROW - 1, 5).value = "lain"
    workbook.save(form)

    answer = kipp(planned.desk, "scores", "import", form, "--as", "Juri 2")

    assert answer.code == "bad-form"


def test_a_form_sorted_by_the_judge_keeps_its_marks_at_their_numbers(planned):
    form = filled_form(planned)
    workbook = openpyxl.load_workbook(form)
    sheet = workbook["Nilai"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)]
    for at, row in enumerate(reversed(rows), start=FIRST_ROW):
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column).value = value
    workbook.save(form)

    done(planned.desk, "scores", "import", form, "--as", "Juri 2")
    done(planned.desk, "scores", "submit", "--as", "Juri 2", "--all")

    number = numbers(planned)
    assert {
        number[sheet["entry"]]: tuple(int(sheet["marks"][c]) for c in CRITERIA)
        for sheet in records(planned, "paper-sheet")
    } == MARKS["Juri 2"]


def test_a_draft_at_the_wrong_number_moves(planned):
    source = marks_table(planned.folder / "kertas.csv", {"01": (9, 9, 9, 9, 9)})
    done(planned.desk, "scores", "import", source, "--as", "Juri 2")

    answer = done(planned.desk, "scores", "move", "--entry", "01", "--to", "02", "--as", "Juri 2")
    signed = done(planned.desk, "scores", "submit", "--as", "Juri 2", "--all")

    assert answer == {"from": "01", "to": "02", "signed": False}
    assert signed["submitted"] == ["02"]


def test_signed_marks_are_withdrawn_and_signed_for_the_right_number_in_one_act(planned):
    type_paper(planned, "Juri 2", {"01": (9, 9, 9, 9, 9)})
    move = ("scores", "move", "--entry", "01", "--to", "02", "--as", "Juri 2")

    without = kipp(planned.desk, *move)
    answer = done(planned.desk, *move, "--reason", "Tertukar")

    number = numbers(planned)
    first, gone, moved = records(planned, "paper-sheet")
    assert without.code == "reason-needed"
    assert answer == {"from": "01", "to": "02", "signed": True}
    assert (number[gone["entry"]], gone["marks"], gone["reason"]) == ("01", None, "Tertukar")
    assert gone["supersedes"] is not None
    assert (number[moved["entry"]], moved["marks"]) == ("02", first["marks"])
    assert (moved["reason"], moved["supersedes"]) == ("Tertukar", None)


def test_marks_come_back_to_a_number_from_which_they_were_moved_without_a_reason(planned):
    type_paper(planned, "Juri 2", {"01": (9, 9, 9, 9, 9)})
    done(planned.desk, "scores", "move", "--entry", "01", "--to", "02", "--as", "Juri 2",
         "--reason", "Tertukar")  # fmt: skip

    again = type_paper(planned, "Juri 2", {"01": (5, 5, 5, 5, 5)})

    assert again["submitted"] == ["01"]


@pytest.mark.parametrize(
    ("entry", "to", "code"),
    [("01", "02", "marks-there"), ("01", "01", "same-entry"), ("03", "02", "nothing-to-move")],
)
def test_a_move_that_would_lose_something_is_refused(planned, entry, to, code):
    source = marks_table(planned.folder / "k.csv", {"01": (9,) * 5, "02": (8,) * 5})
    done(planned.desk, "scores", "import", source, "--as", "Juri 2")

    answer = kipp(planned.desk, "scores", "move", "--entry", entry, "--to", to, "--as", "Juri 2")

    assert answer.code == code


def test_a_judge_moves_signed_marks_of_their_own(planned):
    planned.join("Juri 1")
    home = planned.home("Juri 1")
    done(home, "scores", "import", marks_table(planned.folder / "m.csv", {"01": (9,) * 5}))
    done(home, "scores", "submit", "--all")

    answer = done(home, "scores", "move", "--entry", "01", "--to", "03", "--reason", "Salah nomor")

    assert answer == {"from": "01", "to": "03", "signed": True}


def test_a_private_note_moves_with_signed_marks_and_is_not_signed(planned):
    planned.join("Juri 1")
    place = planned.home("Juri 1")
    done(place, "scores", "import", marks_table(planned.folder / "m.csv", {"01": (9,) * 5}))
    home = Home(Context(home=place))
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        first, second, _ = (entry.id for entry in panel.setup.entries)
        judging.set_notes(home, panel, marker, first, Notes(private="Tanya biaya"))
        judging.submit(home, panel, marker, home.unlock(card), None)

        moving.move_signed(home, panel, marker, home.unlock(card), first, second, "Salah nomor")

        before, after = judging.sheets(panel, marker)[:2]
        sheets = panel.records(card.fingerprint, "score-sheet")
    assert (before.state, before.notes.private) == ("empty", "")
    assert (after.state, after.notes.private) == ("final", "Tanya biaya")
    assert [record.body["marks"] is None for record in sheets] == [False, True, False]


def test_a_correction_that_was_begun_moves_as_it_is_now(planned):
    type_paper(planned, "Juri 2", {"01": (9, 9, 9, 9, 9)})
    source = marks_table(planned.folder / "k.csv", {"01": (9, 9, 9, 9, 1)})
    done(planned.desk, "scores", "import", source, "--as", "Juri 2")

    done(planned.desk, "scores", "move", "--entry", "01", "--to", "02", "--as", "Juri 2",
         "--reason", "Tertukar")  # fmt: skip
    again = done(planned.desk, "scores", "submit", "--as", "Juri 2", "--all")

    assert records(planned, "paper-sheet")[-1]["marks"]["berkelanjutan"] == "1"
    assert again["submitted"] == []
    assert sorted(again["incomplete"]) == ["01", "03"]


def test_a_move_that_cannot_be_signed_leaves_the_draft_where_it_was(planned):
    type_paper(planned, "Juri 2", {"01": (9, 9, 9, 9, 9)})
    source = marks_table(planned.folder / "k.csv", {"01": (9, 9, 9, 9, 1)})
    done(planned.desk, "scores", "import", source, "--as", "Juri 2")
    home = Home(Context(home=planned.desk))
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "clerk")
        marker = paper.paper_marker(panel, card, "Juri 2")
        first, second, _ = (entry.id for entry in panel.setup.entries)
        damaged = panel.folder / "ledgers" / f"{card.fingerprint}.ndjson"
        damaged.write_bytes(damaged.read_bytes().replace(b'"9"', b'"8"', 1))

        with pytest.raises(KippError):
            moving.move_signed(home, panel, marker, home.unlock(card), first, second, "Tertukar")

        drafts = panel.drafts.of(card.fingerprint, marker.judge, marker.stage)
    assert set(drafts) == {first}


def test_a_scan_that_was_changed_is_found_by_check(planned):
    scan = planned.folder / "pindaian.pdf"
    scan.write_bytes(b"%PDF-1.7\n")
    kept = done(planned.desk, "paper", "scan", "--as", "Juri 2", "--entry", "01", scan)
    home = Home(Context(home=planned.desk))
    with home.open(home.choose()) as panel:
        panel.scans.path(kept["sha256"]).write_bytes(b"%PDF-1.6\n")

        found = keeping.check(home, panel)

    assert [item.name for item in found if not item.ok] == ["scan"]


def test_a_scan_is_kept_at_the_desk_and_not_handed_on(planned):
    scan = planned.folder / "pindaian.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    text = planned.folder / "catatan.txt"
    text.write_text("bukan pindaian")
    attach = ("paper", "scan", "--as", "Juri 2", "--entry", "01")

    kept = done(planned.desk, *attach, scan)
    again = done(planned.desk, *attach, scan)
    refused = kipp(planned.desk, *attach, text)

    assert kept["scans"] == again["scans"] == 1
    assert refused.code == "bad-scan"
    home = Home(Context(home=planned.desk))
    with home.open(home.choose()) as panel:
        assert kept["sha256"] not in panel.blobs.all()
        assert panel.scans.all() == [kept["sha256"]]


def test_a_backup_holds_the_scans(planned):
    scan = planned.folder / "pindaian.pdf"
    scan.write_bytes(b"%PDF-1.7\n")
    kept = done(planned.desk, "paper", "scan", "--as", "Juri 2", "--entry", "01", scan)
    backup = planned.folder / "meja.kippbackup"
    done(planned.desk, "backup", "--out", backup)

    done(planned.folder / "baru", "restore", backup)

    home = Home(Context(home=planned.folder / "baru"))
    with home.open(home.choose()) as panel:
        assert panel.scans.get(kept["sha256"]) == b"%PDF-1.7\n"


def test_the_minutes_say_how_each_judges_marks_came(planned):
    planned.merge(planned.admitted("Juri 1"))
    type_paper(planned, "Juri 2", {"03": MARKS["Juri 2"]["03"]})
    form = filled_form(planned)
    done(planned.desk, "scores", "import", form, "--as", "Juri 2")
    done(planned.desk, "scores", "submit", "--as", "Juri 2", "--entry", "01", "02")
    done(planned.desk, "paper", "check", "--as", "Juri 2", "--all")

    done(planned.desk, "publish", "--out", planned.folder / "hasil")

    text = " ".join(text_of(planned.folder / "hasil" / "berita-acara.pdf").split())
    assert {"laptop,", "formulir", "kertas,"} <= set(text.split())
    recap = openpyxl.load_workbook(planned.folder / "hasil" / "rekapitulasi.xlsx")["Nilai"]
    sources = [row[-2].value for row in recap.iter_rows(min_row=2) if row[0].value == "Juri 2"]
    assert [source.split()[0] for source in sources] == ["formulir", "formulir", "kertas,"]
