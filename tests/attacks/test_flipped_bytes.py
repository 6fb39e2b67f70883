"""One changed byte anywhere in what leaves the desk is found, and the file is named."""

import random

import pytest

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.exchange.ledger_file import read_ledger
from kipp_desktop.services.checking import verify
from kipp_desktop.services.context import Context
from tests.flow.kipp import Competition, done

ENTRIES = [("1", "Satu"), ("2", "Dua")]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The folder of a published result: two entries, two judges."""
    tiny = Competition(tmp_path_factory.mktemp("tiny"))
    tiny.entries_table = lambda: _entries(tiny.folder / "e.csv")
    tiny.create([("Juri 1", "juri", ""), ("Juri 2", "juri", "")])
    for name in ("Juri 1", "Juri 2"):
        words = tiny.join(name)["words"]
        done(tiny.desk, "admit", tiny.file(name, "kunci"), "--words", words)
        tiny.merge(tiny.score(name, {"1": (8,) * 5, "2": (7,) * 5}))
    done(tiny.desk, "publish", "--out", tiny.folder / "hasil")
    tiny.folder.joinpath("kata.txt").write_text(tiny.words)
    return tiny.folder / "hasil"


def _entries(path):
    path.write_text("nomor;judul\n" + "".join(f"{n};{title}\n" for n, title in ENTRIES))
    return path


def read_all(path):
    """Read a file as every reader of the program begins: its bytes, then each ledger."""
    with Bundle.open(path) as bundle:
        for ledger in bundle.ledgers():
            read_ledger(
                ledger.data, ledger.signature, author=ledger.name, competition=bundle.competition
            )


def test_every_byte_of_a_small_result_file_flipped_once_is_refused(result, tmp_path):
    whole = (result / "hasil-publik.kipp").read_bytes()
    path = tmp_path / "hasil.kipp"
    path.write_bytes(whole)
    read_all(path)
    generator = random.Random(3)
    unseen = []

    with path.open("r+b", buffering=0) as file:
        for position, byte in enumerate(whole):
            file.seek(position)
            file.write(bytes([byte ^ (1 << generator.randrange(8))]))
            try:
                read_all(path)
            except KippError as error:
                if error.code not in {"bad-file", "newer-format"}:
                    unseen.append((position, error.code))
            else:
                unseen.append((position, "accepted"))
            file.seek(position)
            file.write(bytes([byte]))

    assert unseen == []
    read_all(path)


@pytest.mark.parametrize("name", ["hasil.kipp", "hasil-publik.kipp"])
def test_verify_names_a_result_file_with_one_flipped_byte(result, tmp_path, name):
    whole = (result / name).read_bytes()
    generator = random.Random(4)
    context = Context(tmp_path)
    assert verify(context, [result / name]).ok

    for position in {*generator.sample(range(len(whole)), 60), 0, len(whole) - 1}:
        path = tmp_path / "berkas.kipp"
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])

        found = verify(context, [path])

        assert not found.ok, position
        assert any(not check.ok and "berkas.kipp" in str(check.detail) for check in found.checks)


def places_in(pdf):
    """Positions all over a PDF, the ends of its parts, and inside the gap of /Contents."""
    generator = random.Random(5)
    gap = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", gap)
    inside = generator.sample(range(gap, end), 25)
    return sorted(
        {0, 8, len(pdf) - 1, len(pdf) - 5, gap - 1, gap, gap + 1, end - 1, end, *inside,
         *generator.sample(range(len(pdf)), 40)}
    )  # fmt: skip


def test_one_changed_byte_anywhere_in_the_minutes_is_found_beside_the_result_file(result, tmp_path):
    pdf = (result / "berita-acara.pdf").read_bytes()
    path = tmp_path / "berita-acara.pdf"
    context = Context(tmp_path)
    assert verify(context, [result / "hasil-publik.kipp", result / "berita-acara.pdf"]).ok
    found = []

    for position in places_in(pdf):
        path.write_bytes(pdf[:position] + bytes([pdf[position] ^ 1]) + pdf[position + 1 :])
        if verify(context, [result / "hasil-publik.kipp", path]).ok:
            found.append(position)

    assert found == []


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"\x00" * 64])
def test_bytes_put_behind_the_minutes_are_found(result, tmp_path, tail):
    path = tmp_path / "berita-acara.pdf"
    path.write_bytes((result / "berita-acara.pdf").read_bytes() + tail)

    assert not verify(Context(tmp_path), [result / "hasil-publik.kipp", path]).ok


def test_minutes_cut_off_are_found(result, tmp_path):
    pdf = (result / "berita-acara.pdf").read_bytes()
    path = tmp_path / "berita-acara.pdf"

    for length in (1000, len(pdf) // 2, len(pdf) - 1):
        path.write_bytes(pdf[:length])

        assert not verify(Context(tmp_path), [result / "hasil-publik.kipp", path]).ok
