"""How ``kipp`` is called and answers: options, exit codes, one JSON object, real processes."""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.cli import build_parser
from kipp_desktop.cli.parser import complaint
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
        assert b"cara pakai: kipp" in answer.stdout


def test_the_language_of_the_help_is_that_of_the_program_and_not_of_the_system():
    system = {"LANGUAGE": "de", "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}

    indonesian, english = run("rank", "--help", **system), run("rank", "--help", KIPP_LANG="en")

    assert indonesian.stdout.startswith(b"cara pakai: kipp rank")
    assert english.stdout.startswith(b"usage: kipp rank")


def parsers(language):
    """Return ``{"kipp entries import": its parser}`` of every command, in one language."""

    def walk(parser):
        yield parser.prog, parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    yield from walk(inner)

    return dict(walk(build_parser(Catalogue.load(language))))


@pytest.fixture(scope="module")
def indonesian_parsers():
    return parsers("id")


@pytest.fixture(scope="module")
def english_parsers():
    return parsers("en")


def test_every_argument_of_every_command_is_explained_in_both_languages(
    indonesian_parsers, english_parsers
):
    unexplained = []
    for name, parser in english_parsers.items():
        for one, other in zip(parser._actions, indonesian_parsers[name]._actions, strict=True):
            if not one.help or not other.help or one.help == other.help:
                unexplained.append(f"{name}: {one.option_strings or one.dest}")

    assert len(english_parsers) > 80
    assert unexplained == []


def test_every_command_is_explained_where_it_is_listed_and_in_its_own_help(
    indonesian_parsers, english_parsers
):
    def said(found):
        listed = {
            f"{name} {choice.dest}": choice.help
            for name, parser in found.items()
            for action in parser._actions
            if isinstance(action, argparse._SubParsersAction)
            for choice in action._choices_actions
        }
        return {name: (listed.get(name), parser.description) for name, parser in found.items()}

    indonesian, english = said(indonesian_parsers), said(english_parsers)

    for name, (listed, description) in english.items():
        assert description
        assert description != indonesian[name][1]
        assert (listed and listed != indonesian[name][0]) or name == "kipp"


def test_what_stands_for_a_value_is_translated(indonesian_parsers, english_parsers):
    # Letters that count, ids and checksums are the same in both languages.
    same = {"N", "M", "K", "ID", "SHA256", "STATUS"}
    untranslated = set()
    for name, parser in english_parsers.items():
        for one, other in zip(parser._actions, indonesian_parsers[name]._actions, strict=True):
            if one.nargs == 0 or (one.choices and one.metavar is None):
                continue
            if one.metavar is None or (one.metavar == other.metavar and one.metavar not in same):
                untranslated.add(f"{name}: {one.dest} {one.metavar}")

    assert untranslated == set()


def test_every_example_of_the_help_can_be_typed(english_parsers):
    examples = [
        parser.epilog.removeprefix("Example: ")
        for name, parser in english_parsers.items()
        if parser.epilog and name != "kipp"
    ]

    assert len(examples) >= 20
    for example in examples:
        assert english_parsers["kipp"].parse_args(shlex.split(example)[1:])


#: Words of argparse and of our English sources that are no Indonesian words.
ENGLISH = re.compile(
    r"\b(usage|positional|arguments?|options?|show|message|exit|version|required|invalid|choice|"
    r"choose|expected|allowed|unrecognized|ignored|explicit|following|one|the|and|of|or|with|from|"
    r"this|that|is|are|which|who|not|only|otherwise|such|name|file|number|must|by|to|it|in|what)\b",
    re.IGNORECASE,
)


def prose(text):
    """Return a text without what is typed as it stands: commands, options, words to choose."""
    text = re.sub(r"“[^”]*”|\([^)]*\)|\{[^}]*\}|-h\b|--[\w-]+", " ", text)
    text = re.sub(
        r"^(cara pakai:|Contoh:) kipp.*?(?=\n\n|\Z)", " ", text, flags=re.MULTILINE | re.DOTALL
    )
    return re.sub(r"^    [\w-]+(?=\s)", " ", text, flags=re.MULTILINE)


def test_no_english_word_stands_in_an_indonesian_help(indonesian_parsers):
    found = {
        name: words
        for name, parser in indonesian_parsers.items()
        if (words := [word[0] for word in ENGLISH.finditer(prose(parser.format_help()))])
    }

    assert found == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "PERINTAH belum diberikan"),
        (["bukan-perintah"], "PERINTAH: “bukan-perintah” bukan salah satu dari init, "),
        (["entries"], "TINDAKAN belum diberikan"),
        (["init", "--year", "dua ribu"], "--year: “dua ribu” bukan bilangan bulat"),
        (["init", "--name"], "--name memerlukan isi"),
        (["merge"], "BERKAS belum diberikan"),
        (["rank", "--js"], "--js tidak dikenal di sini"),
        (["rank", "--json=ya"], "--json tidak menerima isi seperti “ya”"),
        (
            ["entry-status", "01", "tidur", "--reason", "x"],
            "STATUS: “tidur” bukan salah satu dari ",
        ),
        (["scores", "submit"], "perlu salah satu dari: --all --entry"),
        (["scores", "submit", "--all", "--entry", "1"], "--entry tidak boleh bersama --all"),
        (["scores", "submit", "--entry"], "--entry memerlukan satu isi atau lebih"),
        (["decide", "tie", "1", "--reason", "x", "--votes", "5"], "--votes memerlukan 3 isi"),
        (["--lang", "fr", "rank"], "--lang: “fr” bukan salah satu dari id, en"),
    ],
)
def test_wrong_usage_is_told_in_one_indonesian_sentence(words, told):
    answer = plain(*words)

    [line] = answer.err.splitlines()
    assert (answer.status, answer.out) == (2, "")
    assert line.startswith(f"Perintah tidak dipahami: {told}")
    assert re.search(r"\. “kipp[a-z -]* --help” menunjukkan cara memakainya\.$", line)
    if "salah satu dari" not in told:
        assert not ENGLISH.search(prose(line))


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--day", "16-3-2021", "“16-3-2021” bukan tanggal. Tulis tahun, bulan, dan hari, "),
        ("--start", "25.00", "“25.00” bukan pukul dalam sehari. Tulis jam dan menit, "),
        ("--break", "12.00=Ishoma", "“12.00=Ishoma” bukan jeda. Tulis pukul berapa, "),
    ],
)
def test_a_wrong_day_or_time_is_told_with_the_form_that_it_has(option, value, told):
    given = {"--day": "2021-03-16", "--room": "A", "--start": "8.30", "--end": "16:00"}

    answer = plain("agenda", "add", "presentasi", *sum({**given, option: value}.items(), ()))

    assert answer.status == 2
    assert answer.err.startswith(told)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "argument STATUS: invalid choice: 'x' (choose from 'present', 'absent')",  # 3.11
            "STATUS: “x” is none of present, absent",
        ),
        (
            "argument STATUS: invalid choice: 'x' (choose from present, absent)",  # 3.13
            "STATUS: “x” is none of present, absent",
        ),
        (
            "argument STATUS: invalid choice: \"a'b\", maybe you meant 'a'? (choose from a, b)",
            "STATUS: “a'b” is none of a, b",  # 3.14
        ),
        ("ambiguous option: --s could match --stage, --sheet", "--s could mean --stage, --sheet"),
        ("argument -x: expected 2 arguments", "-x needs 2 values"),
        ("argument -x: expected at most one argument", "-x takes at most one value"),
        ("argument -x: something new", "argument -x: something new"),
        ("something new", "something new"),
    ],
)
def test_what_any_python_complains_of_is_understood_or_told_as_it_is(message, told):
    assert str(complaint(message)) == told


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
