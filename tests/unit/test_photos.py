"""Photos from a phone or a card: what they are, their copies, and those that are no photos."""

import struct
import zlib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from kipp_desktop.domain.visit import Evidence
from kipp_desktop.domain.whereabouts import coordinates_in, distance, remarks
from kipp_desktop.errors import KippError
from kipp_desktop.exchange import photo_child
from kipp_desktop.exchange.photos import Job, check_size, in_folder, look
from tests.camera import PLACE, pdf, photo


def looked(folder, *paths, **limits):
    jobs = [
        Job(path.name, path, folder / f"copy-{n}", folder / f"small-{n}")
        for n, path in enumerate(paths)
    ]
    return list(look(jobs, **limits))


def one(folder, path, **limits):
    return looked(folder, path, **limits)[0]


def header_of(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_a_photos_clock_and_place_are_read(tmp_path):
    path = photo(tmp_path / "a.jpg", taken=datetime(2021, 3, 17, 8, 5), place=PLACE)  # noqa: DTZ001 - a camera

    facts = one(tmp_path, path).facts

    assert facts.format == "JPEG"
    assert (facts.width, facts.height) == (1200, 900)
    assert facts.taken == "2021-03-17T08:05:00"
    assert distance(facts.position, PLACE) < 1


def test_no_place_and_no_clock_is_normal(tmp_path):
    facts = one(tmp_path, photo(tmp_path / "a.png", taken=None, kind="PNG")).facts

    assert (facts.format, facts.taken, facts.position) == ("PNG", "", None)


def test_the_copy_is_small_upright_and_says_nothing_but_pixels(tmp_path):
    path = photo(tmp_path / "a.jpg", size=(3000, 1500), place=PLACE, turned=True)
    before = path.read_bytes()

    found = one(tmp_path, path)

    with Image.open(found.job.copy) as copy, Image.open(found.job.thumb) as thumb:
        assert copy.size == (1000, 2000)
        assert max(thumb.size) == 320
        assert not copy.getexif()
    data = found.job.copy.read_bytes()
    assert b"Exif" not in data
    assert b"Kamera" not in data
    assert (found.facts.width, found.facts.height) == (1500, 3000)
    assert path.read_bytes() == before


def test_a_document_is_opened_and_its_pages_counted(tmp_path):
    found = one(tmp_path, pdf(tmp_path / "surat.pdf", pages=3))

    assert (found.facts.format, found.facts.pages) == ("PDF", 3)
    assert found.job.thumb.exists()


def test_what_a_file_is_says_its_content_and_not_its_name(tmp_path):
    png = photo(tmp_path / "a.png", kind="PNG")
    renamed = png.rename(tmp_path / "a.jpg")
    program = tmp_path / "b.jpg"
    program.write_bytes(b"MZ" + bytes(500))
    heic = tmp_path / "c.jpg"
    heic.write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))

    found = looked(tmp_path, renamed, program, heic)

    assert found[0].facts.format == "PNG"
    assert [item.problem.code for item in found[1:]] == ["photo-other", "photo-heic"]


@pytest.mark.parametrize(
    ("width", "height"), [(60_000, 60_000), (30_001, 1), (9000, 9000), (0x7FFFFFFF, 0x7FFFFFFF)]
)
def test_a_header_that_claims_too_much_is_refused_before_it_is_decoded(tmp_path, width, height):
    path = tmp_path / "bomb.png"
    path.write_bytes(header_of(width, height))

    found = one(tmp_path, path)

    assert found.problem.code == "photo-pixels"
    assert "bomb.png" in str(found.problem.what.values)


def test_a_jpeg_of_60000_a_side_is_refused(tmp_path):
    data = bytearray(photo(tmp_path / "a.jpg").read_bytes())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 60_000, 60_000)
    path = tmp_path / "bomb.jpg"
    path.write_bytes(data)

    assert one(tmp_path, path).problem.code == "photo-pixels"


def test_a_picture_of_zeros_that_unpacks_to_much_stays_within_the_limit(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("L", (8000, 7900)).save(path)
    assert path.stat().st_size < 100_000

    found = one(tmp_path, path, memory_limit=250 << 20)

    assert found.problem.code in {"photo-memory", "photo-damaged"}


def test_a_truncated_photo_is_refused_and_the_others_are_taken(tmp_path):
    whole = photo(tmp_path / "a.jpg", 1)
    data = whole.read_bytes()
    cut = tmp_path / "b.jpg"
    cut.write_bytes(data[: len(data) // 2])
    last = photo(tmp_path / "c.jpg", 3)

    found = looked(tmp_path, whole, cut, last)

    assert [item.problem and item.problem.code for item in found] == [None, "photo-damaged", None]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "PDF"])
def test_every_kind_is_known_by_its_content_and_refused_where_it_is_cut_or_damaged(tmp_path, kind):
    suffix = {"JPEG": ".jpg", "PNG": ".png", "PDF": ".pdf"}[kind]
    whole = tmp_path / f"utuh{suffix}"
    pdf(whole, pages=2) if kind == "PDF" else photo(whole, kind=kind)
    data = whole.read_bytes()
    renamed, cut, damaged = (
        tmp_path / f"bernama-lain{'.jpg' if kind == 'PDF' else '.pdf'}",
        tmp_path / f"terpotong{suffix}",
        tmp_path / f"rusak{suffix}",
    )
    renamed.write_bytes(data)
    cut.write_bytes(data[: len(data) // 3])
    damaged.write_bytes(data[:12] + bytes(len(data) - 12))

    found = looked(tmp_path, renamed, cut, damaged, whole)

    assert [item.facts.format if item.facts else item.problem.code for item in found] == [
        kind,
        "photo-damaged",
        "photo-damaged",
        kind,
    ]
    for item in found[1:3]:
        assert item.problem.what.values["file"] == item.job.name
        assert item.problem.next is not None


def test_a_document_with_a_page_of_60000_a_side_is_refused_and_one_of_many_pages_is_not(tmp_path):
    small = pdf(tmp_path / "a.pdf").read_bytes()
    huge = tmp_path / "bomb.pdf"
    huge.write_bytes(small.replace(b"595.2756 841.8898", b"60000.00 60000.00"))
    assert huge.read_bytes() != small
    many = pdf(tmp_path / "b.pdf", pages=300)

    found = looked(tmp_path, huge, many)

    assert found[0].problem.code == "photo-damaged"
    assert found[1].facts.pages == 300


def test_a_locked_document_and_a_video_say_what_they_are(tmp_path):
    locked = tmp_path / "terkunci.pdf"
    canvas = Canvas(str(locked), encrypt=StandardEncryption("rahasia", strength=128))
    canvas.drawString(100, 700, "Rahasia")
    canvas.save()
    video = tmp_path / "video.jpg"
    video.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))

    found = looked(tmp_path, locked, video)

    assert [item.problem.code for item in found] == ["photo-password", "photo-video"]


def test_a_file_that_ends_the_child_is_the_only_one_to_suffer(tmp_path, monkeypatch):
    paths = [photo(tmp_path / f"{n}.jpg", n) for n in range(3)]
    # What a fault in a decoder does, done by hand: the child dies at the second file.
    program = tmp_path / "child.py"
    text = Path(photo_child.__file__).read_text("utf-8")
    dies = "    if source.name == '1.jpg':\n        import os; os.abort()\n"
    text = text.replace(
        "    try:\n        with source.open", dies + "    try:\n        with source.open"
    )
    program.write_text(text, "utf-8")
    monkeypatch.setattr(photo_child, "__file__", str(program))

    found = looked(tmp_path, *paths)

    assert [item.problem and item.problem.code for item in found] == [None, "photo-damaged", None]


def test_a_file_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    program = tmp_path / "child.py"
    program.write_text(
        "import sys, time\nopen(sys.argv[2], 'ab').write(b'{}\\n')\ntime.sleep(60)\n", "utf-8"
    )
    monkeypatch.setattr(photo_child, "__file__", str(program))

    found = one(tmp_path, photo(tmp_path / "a.jpg"), seconds=1)

    assert found.problem.code == "photo-time"


def test_empty_and_large_files_are_refused_by_their_size(tmp_path):
    empty, large = tmp_path / "a.jpg", tmp_path / "b.jpg"
    empty.touch()
    with large.open("wb") as file:
        file.truncate((64 << 20) + 1)

    for path, code in ((empty, "photo-empty"), (large, "photo-large")):
        with pytest.raises(KippError) as error:
            check_size(path)
        assert error.value.code == code


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(0, 3000), st.sampled_from(["a.jpg", "a.png"]))
def test_any_bytes_give_facts_or_a_problem(tmp_path, data, at, name):
    path = tmp_path / name
    kind = "PNG" if name.endswith("png") else "JPEG"
    whole = bytearray(photo(path, size=(60, 40), place=PLACE, kind=kind).read_bytes())
    whole[at : at + len(data)] = data
    path.write_bytes(whole)

    # In this process: the child is started for what a decoder could do beyond raising.
    answer = photo_child.look(path, tmp_path / "copy", tmp_path / "small", 100)

    assert "problem" in answer or answer["width"] > 0


def test_a_folder_gives_photos_and_documents_of_all_below_it(tmp_path):
    (tmp_path / "DCIM" / "100").mkdir(parents=True)
    photo(tmp_path / "DCIM" / "100" / "IMG_2.JPG")
    photo(tmp_path / "DCIM" / "IMG_1.jpg")
    (tmp_path / "DCIM" / ".trashed.jpg").touch()
    (tmp_path / "catatan.txt").touch()

    assert [path.name for path in in_folder(tmp_path)] == ["IMG_2.JPG", "IMG_1.jpg"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Puskesmas contoh (-7.9500, 112.6100)", (-7.95, 112.61)),
        ("-7,9500; 112,6100", (-7.95, 112.61)),
        ("Jl. Contoh 12, RT 3", None),
        ("95.00, 10.00", None),
    ],
)
def test_coordinates_are_found_in_a_place(text, found):
    assert coordinates_in(text) == found


def test_the_distance_of_a_known_line_is_right():
    # Jakarta (Monas) to Surabaya (Tugu Pahlawan): some 663 km on a sphere.
    assert distance((-6.1754, 106.8272), (-7.2459, 112.7378)) == pytest.approx(662_900, rel=0.01)


def test_a_camera_a_day_off_is_a_remark_and_nothing_more():
    began, ended = "2021-03-18T09:00:00+07:00", "2021-03-18T11:00:00+07:00"
    early = Evidence("photo", taken="2021-03-17T09:30:00", position=(-7.95, 112.61))
    right = Evidence("photo", taken="2021-03-18T09:30:00", position=(-7.96, 112.61))
    plain = Evidence("photo")

    said = [
        [text.source for text in remarks(item, PLACE, began, ended)]
        for item in (early, right, plain)
    ]

    assert said == [
        ["camera clock {at}, {days} day(s) before the visit", "at the stated place"],
        ["camera clock {at}", "{metres} m from the stated place"],
        [],
    ]
