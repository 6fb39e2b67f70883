"""Names that mean something to a shell, a list of signers or a table: they are only names."""

import re
import shutil
import subprocess

import pytest

from kipp_desktop.exchange.bundle import Bundle
from tests.attacks.bytes_of import members_of
from tests.flow.kipp import Competition, done, kipp

STRANGE = 'Juri *,?!"$(x)\nnamespaces="file" ssh-ed25519 AAAA'


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The only judge, an entry and an organisation have such names."""
    day = Competition(tmp_path_factory.mktemp("names"))
    rows = [(quoted(STRANGE), "juri", ""), ("Petugas 2", "petugas", "")]
    original = day.entries_table

    def entries():
        path = original()
        strange = f"04;{quoted('Inovasi *, ' + chr(10) + '=1+1')};{quoted('Dinas *,' + chr(10))}\n"
        path.write_text(path.read_text("utf-8") + strange, "utf-8")
        return path

    day.entries_table = entries
    day.create(rows)
    people = done(day.desk, "people", "list")["people"]
    day.judge = next(row["name"] for row in people if row["name"].startswith("Juri"))
    home = day.home("juri")
    words = done(home, "join", day.package, "--as", day.judge, "--words", day.words,
                 "--out", day.folder / "kunci.kipp", "--no-passphrase")["words"]  # fmt: skip
    done(day.desk, "admit", day.folder / "kunci.kipp", "--words", words)
    marks = day.folder / "nilai.csv"
    marks.write_text(
        "nomor;kebaruan;efektif;bermanfaat;transfer;berkelanjutan\n"
        + "".join(f"0{number};{10 - number};8;8;8;8\n" for number in range(1, 5)),
    )  # fmt: skip
    done(home, "scores", "import", marks)
    done(home, "scores", "submit", "--all")
    done(home, "hand-in", "--out", day.folder / "serah.kipp")
    return day


def test_the_name_is_kept_but_for_its_line_break_which_no_form_shows(day):
    assert day.judge.split() == STRANGE.split()
    assert "*,?!" in day.judge


def test_such_a_judge_is_merged_ranked_published_and_verified(day, tmp_path):
    desk = day.copy(tmp_path)

    assert desk.merge(desk.folder / "serah.kipp") == ["merged"]
    places, complete = desk.rank()
    done(desk.desk, "publish", "--out", desk.folder / "hasil")
    answer = kipp(desk.folder / "luar", "verify", desk.folder / "hasil" / "hasil.kipp",
                  desk.folder / "hasil" / "berita-acara.pdf")  # fmt: skip

    assert complete
    assert set(places) == {"01", "02", "03", "04"}
    assert answer.status == 0
    status = done(desk.desk, "status")["people"]
    assert [row["person"] for row in status if row["sent"]] == [day.judge]


def test_no_name_ever_stands_among_the_signers(day):
    members = members_of((day.folder / "serah.kipp").read_bytes())

    lines = members["allowed_signers"].decode().splitlines()

    assert len(lines) == 2
    for line in lines:
        assert re.fullmatch(
            r'[0-9a-f]{64} namespaces="ledger@kipp-desktop" ssh-ed25519 [A-Za-z0-9+/]{68}', line
        )


def test_ssh_keygen_knows_the_signer_by_the_key_and_by_no_pattern(day, tmp_path):
    with Bundle.open(day.folder / "serah.kipp") as bundle:
        ledgers = list(bundle.ledgers())
    members = members_of((day.folder / "serah.kipp").read_bytes())
    (tmp_path / "signers").write_bytes(members["allowed_signers"])

    def verify(ledger, principal):
        (tmp_path / "sig").write_bytes(ledger.signature)
        return subprocess.run(
            ["ssh-keygen", "-q", "-Y", "verify", "-f", tmp_path / "signers", "-I", principal,
             "-n", "ledger@kipp-desktop", "-s", tmp_path / "sig"],
            input=ledger.data, capture_output=True, check=False,
        ).returncode  # fmt: skip

    one, other = ledgers
    assert verify(one, one.name) == 0
    assert verify(one, other.name) != 0
    for principal in ("*", STRANGE, "Juri *", f"{one.name},*"):
        assert verify(one, principal) != 0


@pytest.mark.parametrize(
    "name",
    ["*,?.kipp", "baris\nbaru.kipp", "-rf.kipp", "$(x) `y`.kipp", b"\xff\xfe.kipp", "a" * 250],
)
def test_a_file_of_such_a_name_is_taken_like_any_other(day, tmp_path, name):
    desk = day.copy(tmp_path / "meja")
    folder = tmp_path / "stik"
    folder.mkdir()
    path = folder / (name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name)
    shutil.copyfile(day.folder / "serah.kipp", path)

    answer = kipp(desk.desk, "merge", "--", path)
    again = kipp(desk.desk, "merge", "--", path)

    assert [item["outcome"] for item in answer.json["files"]] == ["merged"]
    assert [item["outcome"] for item in again.json["files"]] == ["nothing-new"]
