import hashlib
import re
import shutil
import subprocess
import sys

import pytest

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import PURPOSES, Blob, Bundle, is_bundle, write_bundle
from kipp_desktop.exchange.ledger_file import read_ledger
from kipp_desktop.exchange.verify_text import VERIFY_TXT
from tests.attacks.bytes_of import BLOB, large_file, small_file
from tests.examples import COMPETITION, DESK, JUDGE, desk, judge

BLOB_ID = hashlib.sha256(BLOB).hexdigest()


def test_a_file_comes_back_with_all_that_it_carries(tmp_path):
    path = small_file(tmp_path)

    with Bundle.open(path) as bundle:
        assert (bundle.competition, bundle.purpose) == (COMPETITION, "results")
        assert bundle.authors() == sorted([DESK, JUDGE])
        assert {item.name: item for item in bundle.ledgers()} == {
            DESK: desk().ledger(),
            JUDGE: judge().ledger(),
        }
        assert bundle.ledger(JUDGE) == judge().ledger()
        assert bundle.ledger("ab" * 32) is None
        assert bundle.blobs() == [BLOB_ID]
        assert bundle.blob(BLOB_ID) == b"".join(bundle.blob_chunks(BLOB_ID)) == BLOB
        assert bundle.blob("ab" * 32) is None
        for item in bundle.ledgers():
            read_ledger(item.data, item.signature, author=item.name, competition=COMPETITION)


def test_writing_tells_the_sha256_and_the_order_of_parts_does_not_matter(tmp_path):
    ledgers = [desk().ledger(), judge().ledger()]
    blobs = [Blob(hashlib.sha256(data).hexdigest(), data) for data in (b"a", b"b")]
    made = []
    for name, turn in (("one", 1), ("two", -1)):
        sha256 = write_bundle(
            tmp_path / name,
            competition=COMPETITION,
            purpose="sheets",
            ledgers=ledgers[::turn],
            blobs=blobs[::turn],
        )
        data = (tmp_path / name).read_bytes()
        assert sha256 == hashlib.sha256(data).hexdigest()
        made.append(data)

    assert made[0] == made[1]


def test_forks_travel_apart_and_under_their_head(tmp_path):
    one, other = judge(1), judge(1)
    one.write("score-sheet", entry="e2")
    other.write("score-sheet", entry="e3")
    path = tmp_path / "f.kipp"

    write_bundle(
        path,
        competition=COMPETITION,
        purpose="sheets",
        ledgers=[one.ledger()],
        forks=[type(other.ledger())(other.head, other.data, other.signature)],
    )

    with Bundle.open(path) as bundle:
        assert [item.name for item in bundle.forks()] == [other.head]
        assert [item.name for item in bundle.ledgers()] == [JUDGE]
        assert next(bundle.forks()).data == other.data


def test_attachments_are_streamed_from_files_and_checked(tmp_path):
    photo = tmp_path / "photo"
    photo.write_bytes(bytes(range(256)) * 10_000)
    sha256 = hashlib.sha256(photo.read_bytes()).hexdigest()
    values = {"competition": COMPETITION, "purpose": "observations", "ledgers": []}

    write_bundle(tmp_path / "f.kipp", **values, blobs=[Blob(sha256, photo)])

    with Bundle.open(tmp_path / "f.kipp") as bundle:
        assert b"".join(bundle.blob_chunks(sha256)) == photo.read_bytes()
    with pytest.raises(KippError) as caught:
        write_bundle(tmp_path / "g.kipp", **values, blobs=[Blob("ab" * 32, photo)])
    assert caught.value.code == "damaged-blob"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["f.kipp", "photo"]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_is_read_back(tmp_path, purpose):
    write_bundle(
        tmp_path / "f.kipp", competition=COMPETITION, purpose=purpose, ledgers=[judge().ledger()]
    )

    with Bundle.open(tmp_path / "f.kipp") as bundle:
        assert bundle.purpose == purpose


def test_a_file_is_known_by_its_content_and_not_by_its_name(tmp_path):
    path = small_file(tmp_path)
    renamed = path.rename(tmp_path / "foto.jpg")
    (tmp_path / "x.kipp").write_bytes(b"PK\x03\x04 something else")

    assert is_bundle(renamed)
    assert not is_bundle(tmp_path / "x.kipp")
    assert not is_bundle(tmp_path / "nowhere")
    assert not is_bundle(tmp_path)
    with Bundle.open(renamed) as bundle:
        assert bundle.competition == COMPETITION


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_file_that_cannot_be_read_is_told(tmp_path, name):
    with pytest.raises(KippError) as caught:
        Bundle.open(tmp_path / name)

    assert caught.value.code == "cannot-read"


# -- with stock tools only -------------------------------------------------------------------------

pytestmark_tools = pytest.mark.skipif(sys.platform == "win32", reason="a shell's commands")


def commands():
    """Return the shell commands of VERIFY.txt, as they stand under steps 2, 3 and 4."""
    indonesian = VERIFY_TXT.split("ENGLISH")[0]
    shell = re.sub(r" *\\\n *", " ", indonesian)
    shell = shell.replace('kunci; do\n       echo "$nama', 'kunci; do echo "$nama')
    lines = [line.strip() for line in shell.splitlines() if line.startswith("     ")]
    found = {
        name: next(line for line in lines if line.startswith(name))
        for name in ("sha256sum", "for f in", "while read")
    }
    return found["sha256sum"], found["for f in"], found["while read"]


def unpacked(path, folder):
    subprocess.run(["unzip", "-q", path, "-d", folder], check=True, capture_output=True)
    return folder


def shell(command, folder):
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )


@pytestmark_tools
@pytest.mark.parametrize("make", [small_file, large_file])
def test_an_outsider_checks_a_file_exactly_as_verify_txt_tells(tmp_path, make):
    path = make(tmp_path)
    tested = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False)
    folder = unpacked(path, tmp_path / "keluar")
    sums, signatures, names = commands()

    whole, signed, named = (shell(command, folder) for command in (sums, signatures, names))

    assert "No errors detected" in tested.stdout
    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.count(": OK") == len(list(folder.rglob("*.*"))) + sum(
        1 for item in folder.rglob("*") if item.is_file() and "." not in item.name
    ) - 1  # fmt: skip
    assert "FAILED" not in whole.stdout
    good = signed.stdout.splitlines()
    assert signed.returncode == 0, signed.stderr
    assert sorted(line.split(" with ")[0] for line in good) == [
        f'Good "ledger@kipp-desktop" signature for {author}' for author in sorted([DESK, JUDGE])
    ]
    for line in named.stdout.splitlines():
        name, fingerprint, _ = line.split()
        assert name == fingerprint
    assert len(named.stdout.splitlines()) == 2


@pytestmark_tools
def test_an_outsider_finds_a_changed_mark(tmp_path):
    folder = unpacked(small_file(tmp_path), tmp_path / "keluar")
    ledger = folder / "ledgers" / f"{JUDGE}.ndjson"
    ledger.write_bytes(ledger.read_bytes().replace(b'"8"', b'"9"'))
    sums, signatures, _ = commands()

    whole, signed = shell(sums, folder), shell(signatures, folder)

    assert whole.returncode != 0
    assert f"ledgers/{JUDGE}.ndjson: FAILED" in whole.stdout
    assert signed.stdout.count("Good ") == 1
    assert DESK in signed.stdout


@pytestmark_tools
def test_an_outsider_finds_an_unsigned_stranger_and_another_name(tmp_path):
    folder = unpacked(small_file(tmp_path), tmp_path / "keluar")
    other = "ab" * 32
    for ending in (".ndjson", ".ndjson.sig"):
        shutil.copy(
            folder / "ledgers" / f"{JUDGE}{ending}", folder / "ledgers" / f"{other}{ending}"
        )

    signed = shell(commands()[1], folder)

    assert signed.stdout.count("Good ") == 2
    assert other not in signed.stdout
