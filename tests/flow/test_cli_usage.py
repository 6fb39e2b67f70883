"""How ``kipp`` is called and answers: options, exit codes, one JSON object, real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kipp_desktop.services.panel import Panel
from tests.flow.kipp import done, kipp, plain

KIPP = Path(sys.executable).with_name("kipp")


def run(*words, **environment):
    """Run the installed program, without a terminal."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("KIPP_")}
    return subprocess.run(
        [KIPP, *words],
        env={**known, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nothing-like-this"],
        ["init", "--name", "K"],
        ["init", "--year", "dua ribu"],
        ["rank", "--nothing"],
        ["entries"],
        ["entries", "import"],
        ["entry-status", "01", "asleep", "--reason", "x"],
        ["scores", "submit"],
        ["scores", "submit", "--all", "--entry", "1"],
        ["abstain", "--all", "--why", "tired", "--reason", "x"],
        ["--lang", "fr", "rank"],
        ["rank", "--js"],
    ],
)
def test_wrong_usage_exits_2_and_still_prints_one_json_object(tmp_path, words):
    answer = kipp(tmp_path, *words)

    assert (answer.status, answer.code) == (2, "usage")


def test_nothing_to_open_exits_1(tmp_path):
    for words in (["rank"], ["status"], ["merge", "x.kipp"], ["check"]):
        answer = kipp(tmp_path / "kosong", *words)

        assert (answer.status, answer.code) == (1, "no-competition")
    assert not (tmp_path / "kosong").exists()


def test_global_options_stand_before_or_after_the_command(planned):
    home = str(planned.desk)

    for words in (
        ["--home", home, "--json", "--lang", "en", "rank"],
        ["rank", "--home", home, "--json", "--lang", "en"],
        ["--json", "rank", "--home", home, "--lang=en"],
        ["--home", home, "entries", "list", "--json"],
        ["--competition", "kipp uji", "rank", "--json", "--home", home],
        ["rank", "--competition", "KIPP Uji", "--json", "--home", home],
    ):
        answer = plain(*words)

        assert answer.status == 0, answer.err
        assert answer.json


def test_the_home_is_named_by_the_environment_too(planned, monkeypatch):
    monkeypatch.setenv("KIPP_HOME", str(planned.desk))

    assert plain("rank", "--json").status == 0
    assert plain("rank", "--json", "--home", planned.folder / "lain").code == "no-competition"


def test_several_competitions_are_told_apart_by_name_and_the_last_used_is_the_default(planned):
    second = done(planned.desk, "init", "--name", "Lain", "--organiser", "Setda", "--year", "2022",
                  "--no-passphrase")["competition"]  # fmt: skip

    last = kipp(planned.desk, "rank")
    first = kipp(planned.desk, "rank", "--competition", "KIPP Uji")
    by_id = kipp(planned.desk, "rank", "--competition", second[:12])
    unknown = kipp(planned.desk, "rank", "--competition", "Tiada")

    assert (last.status, last.code) == (1, "no-plan")
    assert first.status == 0
    assert by_id.code == "no-plan"
    assert unknown.code == "no-competition"


def test_the_language_of_sentences_follows_the_option(tmp_path):
    english = plain("--home", tmp_path, "--lang", "en", "rank")
    indonesian = plain("--home", tmp_path, "rank")

    assert english.err.startswith("There is no competition on this laptop yet")
    assert indonesian.err != english.err
    assert english.out == indonesian.out == ""


def test_a_competition_that_is_open_elsewhere_exits_1(planned):
    [listed] = [path.parent for path in planned.desk.glob("competitions/*/competition.json")]
    about = json.loads((listed / "competition.json").read_bytes())

    with Panel(listed, about["id"], about["desk"]):
        answer = run("--home", planned.desk, "--json", "rank")

    assert answer.returncode == 1
    assert json.loads(answer.stdout)["error"]["code"] == "in-use"
    assert run("--home", planned.desk, "rank").returncode == 0


def test_a_passphrase_protects_the_key_and_is_asked_for(tmp_path):
    home, secret = tmp_path / "rumah", tmp_path / "sandi.txt"
    secret.write_text("empat kata yang panjang\n", "utf-8")
    name = ["--name", "K", "--organiser", "S", "--year", "2021"]

    refused = run("--home", home, "--json", "init", *name)
    created = run("--home", home, "--json", "init", *name, "--passphrase-file", secret)
    nobody = run("--home", home, "--json", "close", "presentasi", KIPP_PASSPHRASE="salah")
    entries = tmp_path / "e.csv"
    entries.write_text("nomor;judul\n1;Satu\n")
    people = tmp_path / "p.csv"
    people.write_text("nama;peran\nJuri 1;juri\n")
    for command in ("entries", "people"):
        run("--home", home, command, "import", entries if command == "entries" else people)
    wrong = run("--home", home, "--json", "plan", "publish", "--out", tmp_path / "p.kipp",
                KIPP_PASSPHRASE="salah")  # fmt: skip
    right = run("--home", home, "--json", "plan", "publish", "--out", tmp_path / "p.kipp",
                "--passphrase-file", secret)  # fmt: skip

    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "passphrase-needed"
    assert created.returncode == 0, created.stderr
    assert b"empat kata" not in b"".join(
        path.read_bytes() for path in home.rglob("*") if path.is_file()
    )
    assert nobody.returncode == 1
    assert json.loads(wrong.stdout)["error"]["code"] == "wrong-passphrase"
    assert right.returncode == 0, right.stderr


def test_a_file_name_that_is_no_text_is_told_all_the_same(planned):
    strange = os.fsencode(planned.folder) + b"/berkas\xff.kipp"

    answer = run("--home", planned.desk, "--json", "merge", strange, PYTHONIOENCODING="ascii")

    assert answer.returncode == 1, answer.stderr
    assert json.loads(answer.stdout)["files"][0]["outcome"] == "refused"


def test_the_program_says_its_version_and_helps():
    assert run("--version").stdout.startswith(b"kipp ")
    for words in ([], ["entries"], ["scores", "submit"], ["verify"]):
        answer = run(*words, "--help")

        assert answer.returncode == 0
        assert b"usage: kipp" in answer.stdout


def test_verify_runs_as_a_program_where_there_is_no_home(published):
    folder = published.folder / "hasil"

    answer = run("verify", folder / "hasil.kipp", folder / "berita-acara.pdf", "--json",
                 HOME="/nonexistent")  # fmt: skip

    assert answer.returncode == 0, answer.stdout
    assert json.loads(answer.stdout)["ok"] is True


def test_a_reader_that_goes_away_is_no_crash(published):
    command = [KIPP, "--home", published.desk, "rank"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        child.stdout.close()
        err = child.stderr.read()

    assert b"Traceback" not in err
