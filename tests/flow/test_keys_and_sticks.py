"""Sticks, second laptops, lost keys and passphrases on the command line."""

import hashlib
import resource
import shutil

from kipp_desktop.exchange.bundle import Blob, Bundle, write_bundle
from kipp_desktop.exchange.keys import read_card, reseal, unlock
from tests.flow.kipp import done, kipp

#: What the disk still takes in one file, in bytes: more than the database needs.
SMALL = 4 << 20


def outcomes(answer):
    return [(item["file"].rsplit("/", 1)[-1], item["outcome"]) for item in answer["files"]]


def test_a_dry_run_says_what_merging_does_and_stores_nothing(planned):
    planned.join("Juri 1")
    file = planned.file("Juri 1", "kunci")
    broken = planned.folder / "rusak.kipp"
    broken.write_bytes(file.read_bytes()[:-1])

    said = kipp(planned.desk, "merge", file, broken, "--dry-run")
    again = kipp(planned.desk, "merge", file, broken, "--dry-run")
    merged = kipp(planned.desk, "merge", file, broken)

    assert said.status == merged.status == 1
    assert said.json == again.json == merged.json
    assert outcomes(merged.json) == [
        (file.name, "waiting-for-key"),
        ("rusak.kipp", "refused"),
    ]


def test_a_dry_run_receipts_nothing(planned):
    answer = kipp(planned.desk, "merge", planned.package, "--dry-run", "--receipt", "x.kipp")

    assert answer.status == 2
    assert answer.code == "usage"


def test_on_a_stick_the_content_decides_and_not_the_name(planned):
    planned.join("Juri 1")
    stick = planned.folder / "STICK" / "dalam"
    stick.mkdir(parents=True)
    shutil.copy(planned.file("Juri 1", "kunci"), stick / "foto liburan.jpg")
    (stick / "catatan.txt").write_text("Rapat")
    (stick / "kosong.kipp").write_bytes(b"")

    answer = kipp(planned.desk, "merge", stick.parent)

    assert outcomes(answer.json) == [
        ("foto liburan.jpg", "waiting-for-key"),
        ("kosong.kipp", "refused"),
    ]


def test_received_bytes_are_kept_and_travel_in_the_backup(planned):
    planned.join("Juri 1")
    file = planned.file("Juri 1", "kunci")
    name = hashlib.sha256(file.read_bytes()).hexdigest()
    done(planned.desk, "merge", file)
    backup = planned.folder / "b.kippbackup"
    done(planned.desk, "backup", "--out", backup)
    restored = planned.folder / "dipulihkan"

    done(restored, "restore", backup)

    for home in (planned.desk, restored):
        (kept,) = home.glob("competitions/*/received/*")
        assert kept.name == f"{name}.kipp"
        assert kept.read_bytes() == file.read_bytes()


def test_a_refused_file_leaves_no_bytes_behind(planned):
    broken = planned.folder / "rusak.kipp"
    broken.write_bytes(planned.package.read_bytes()[:-1])

    kipp(planned.desk, "merge", broken)

    assert list(planned.desk.glob("competitions/*/received/*")) == []


def test_a_file_larger_than_the_room_on_the_disk_is_refused_whole(planned):
    planned.join("Juri 1")
    with Bundle.open(planned.file("Juri 1", "kunci")) as bundle:
        photo = bytes(range(256)) * (6 << 12)
        large = planned.folder / "besar.kipp"
        write_bundle(
            large,
            competition=bundle.competition,
            purpose="sheets",
            ledgers=list(bundle.ledgers()),
            blobs=[Blob(hashlib.sha256(photo).hexdigest(), photo)],
        )
    assert large.stat().st_size > SMALL
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))
    try:
        refused = kipp(planned.desk, "merge", large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert outcomes(refused.json) == [("besar.kipp", "refused")]
    assert list(planned.desk.glob("competitions/*/received/*")) == []
    assert len(list(planned.desk.glob("competitions/*/ledgers/*.ndjson"))) == 2
    assert planned.merge(large) == ["waiting-for-key"]


def second_laptop(planned, name):
    """Let a judge join on another laptop, and return its words and file."""
    home = planned.folder / "laptop-2"
    out = planned.folder / "laptop-2.kipp"
    answer = done(home, "join", planned.package, "--as", name, "--words", planned.words,
                  "--out", out, "--no-passphrase")  # fmt: skip
    return answer, out


def states(planned):
    return {
        item["key"]: item["state"] for item in done(planned.desk, "keys")["keys"] if item["key"]
    }


def test_a_second_laptop_is_admitted_void_and_speaks_after_the_revocation(planned):
    planned.admitted("Juri 1")
    second, file = second_laptop(planned, "Juri 1")

    admitted = done(planned.desk, "admit", file, "--words", second["words"])
    void = states(planned)[second["fingerprint"]]
    again = kipp(planned.desk, "admit", file, "--words", second["words"])
    revoked = done(planned.desk, "decide", "revoke", "Juri 1", "--reason", "Laptop rusak")

    assert admitted["void"] == ["Juri 1"]
    assert void == "second"
    assert again.code == "nothing-to-admit"
    assert revoked["heir"] == second["fingerprint"]
    assert states(planned)[second["fingerprint"]] == "admitted"


def test_a_lost_key_is_revoked_and_a_new_one_admitted(planned):
    planned.admitted("Juri 1")
    done(planned.desk, "decide", "revoke", "Juri 1", "--reason", "Laptop hilang")
    second, file = second_laptop(planned, "Juri 1")

    admitted = done(planned.desk, "admit", file, "--words", second["words"])

    assert "void" not in admitted
    mine = [item for item in done(planned.desk, "keys")["keys"] if item["person"] == "Juri 1"]
    assert sorted(item["state"] for item in mine) == ["admitted", "revoked"]


def test_a_laptop_whose_key_was_revoked_joins_again_with_a_new_one(planned):
    before = planned.join("Juri 1")["fingerprint"]
    done(planned.desk, "admit", planned.file("Juri 1", "kunci"), "--yes")
    done(planned.desk, "decide", "revoke", "Juri 1", "--reason", "Kata tidak dicocokkan")
    done(planned.desk, "plan", "publish", "--out", planned.package)

    after = planned.join("Juri 1")
    done(planned.desk, "admit", planned.file("Juri 1", "kunci"), "--words", after["words"])

    assert after["fingerprint"] != before
    assert states(planned)[after["fingerprint"]] == "admitted"
    planned.score("Juri 1")
    assert planned.merge(planned.file("Juri 1")) == ["merged"]
    names = sorted(path.suffix for path in (planned.home("Juri 1") / "identities").iterdir())
    assert names == [".json", ".revoked"]


def test_a_key_is_revoked_once(planned):
    planned.admitted("Juri 1")
    key = next(
        item["key"] for item in done(planned.desk, "keys")["keys"] if item["person"] == "Juri 1"
    )
    done(planned.desk, "decide", "revoke", key, "--reason", "Laptop hilang")

    answer = kipp(planned.desk, "decide", "revoke", key, "--reason", "Sekali lagi")

    assert answer.code == "already-revoked"


def test_the_passphrase_is_set_changed_and_removed(planned):
    planned.join("Juri 1")
    home = planned.home("Juri 1")
    (path,) = (home / "identities").iterdir()
    seed = unlock(path, None).key.private_bytes_raw()
    one, two = planned.folder / "satu.txt", planned.folder / "dua.txt"
    one.write_text("kata satu\n")
    two.write_text("kata dua\n")

    done(home, "passphrase", "--new-passphrase-file", one)
    wrong = kipp(home, "passphrase", "--new-passphrase-file", two, "--passphrase-file", two)
    done(home, "passphrase", "--new-passphrase-file", two, "--passphrase-file", one)

    assert wrong.code == "wrong-passphrase"
    assert unlock(path, "kata dua").key.private_bytes_raw() == seed
    assert done(home, "passphrase", "--remove", "--passphrase-file", two)["protected"] is False
    assert unlock(path, None).key.private_bytes_raw() == seed
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_the_paper_key_of_the_desk_takes_the_new_passphrase_too(planned):
    new = planned.folder / "baru.txt"
    new.write_text("kata baru")

    answer = done(planned.desk, "passphrase", "--new-passphrase-file", new)

    paths = sorted((planned.desk / "identities").iterdir())
    assert answer["keys"] == len(paths) == 2
    assert {read_card(path).role for path in paths} == {"desk", "clerk"}
    for path in paths:
        unlock(path, "kata baru")


def test_what_a_power_cut_left_beside_a_key_changes_nothing(planned):
    planned.join("Juri 1")
    home = planned.home("Juri 1")
    (path,) = (home / "identities").iterdir()
    before = path.read_bytes()
    path.with_name(path.name + ".new").write_bytes(before[:40])

    assert done(home, "hand-in", "--out", planned.folder / "s.kipp")["records"] == 1
    assert path.read_bytes() == before
    assert reseal(path, None, "kata", bytes).protected
    assert [item.name for item in path.parent.iterdir()] == [path.name]
