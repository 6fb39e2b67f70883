"""What a verification always says, whatever it was given."""

from pathlib import Path

from kipp_desktop.services import checking, standing
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.flow.kipp import kipp


def verified(published, *files):
    return kipp(published.folder / "luar", "verify", *files).json


def details(answer, name):
    return [item["detail"] for item in answer["checks"] if item["name"] == name]


def test_a_sealed_document_alone_is_whole_and_nobodys(published):
    answer = verified(published, published.folder / "hasil" / "berita-acara.pdf")

    assert answer["ok"]
    assert "diperiksa sendirian" in details(answer, "document")[0]
    assert "belum dicocokkan" in details(answer, "signer")[0]


def test_what_no_file_can_show_is_said_of_a_good_file_and_of_a_damaged_one(published):
    good = published.folder / "hasil" / "hasil-publik.kipp"
    cut = published.folder / "potong.kipp"
    cut.write_bytes(good.read_bytes()[:-100])

    answers = [verified(published, good), verified(published, cut)]

    assert [answer["ok"] for answer in answers] == [True, False]
    for answer in answers:
        assert len(details(answer, "limits")) == 1
        assert len(details(answer, "times")) == 1


def test_the_documents_that_a_results_file_carries_are_those_published(published):
    answer = verified(published, published.folder / "hasil" / "hasil.kipp")

    assert sorted(text.split()[0] for text in details(answer, "document")) == [
        "berita-acara.pdf",
        "rekapitulasi.xlsx",
    ]
    assert len(details(answer, "seal")) == 1


def test_a_file_says_of_each_judge_what_the_desk_says(published):
    home = Home(Context(published.desk))
    with home.open(home.choose()) as panel:
        at_desk = standing.people_status(panel)
    path = published.folder / "hasil" / "hasil-publik.kipp"

    found = checking.verify(Context(Path(published.folder / "luar")), [path])

    assert [(p.id, p.sent, p.expected, p.paper) for p in found.people] == [
        (p.id, p.sent, p.expected, p.paper) for p in at_desk
    ]
    assert found.final
