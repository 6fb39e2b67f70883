"""The documents stay true: their examples run, and they name everything that the code has."""

import argparse
import doctest
import hashlib
import importlib
import json
import re
import shlex
import subprocess
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from kipp_desktop.domain import records
from kipp_desktop.domain.agenda import EVENTS
from kipp_desktop.domain.agenda_blob import agenda_blob, read_agenda
from kipp_desktop.domain.competition import KINDS, MARKING_ROLES, read_competition, read_rules
from kipp_desktop.domain.fold import RULES
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import people_blob, read_setup, setup_blob
from kipp_desktop.exchange.bundle import PURPOSES
from kipp_desktop.exchange.keys import competition_id
from kipp_desktop.exchange.ledger_file import read_ledger
from kipp_desktop.exchange.sshsig import allowed_signer, fingerprint
from kipp_desktop.exchange.verify_text import VERIFY_TXT

ROOT = Path(__file__).parents[1]
FORMATS = ROOT / "docs" / "formats"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
ROOMS = ["cli", "documents", "domain", "exchange", "gui", "services", "storage"]


def page(name):
    return (FORMATS / name).read_text("utf-8")


def sections(text):
    """Return what stands under each second heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def code(text):
    """Return the indented blocks of a page, without their indentation."""
    blocks = re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, flags=re.MULTILINE)
    return ["\n".join(line[4:] for line in block.splitlines()).strip("\n") for block in blocks]


def named(text):
    """Return every word that stands in backticks or in an indented block."""
    spoken = " ".join(re.findall(r"`([^`\n]+)`", text)) + " " + " ".join(code(text))
    return set(re.findall(r"[A-Za-z0-9_.-]+", spoken))


def keys(value):
    """Return every key of a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value) | {key for child in value.values() for key in keys(child)}
    if isinstance(value, list):
        return {key for child in value for key in keys(child)}
    return set()


def example_lines():
    """Return the example of every kind, by the heading under which it stands."""
    return {
        kind: line
        for kind, text in sections(page("records.md")).items()
        for line in code(text)
        if line.startswith('{"at"')
    }


def example_blobs():
    blocks = [block for block in code(page("setup.md")) if block.startswith("{")]
    return [
        json.dumps(
            json.loads(block), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        for block in blocks
    ]


# -- formats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.name for path in FORMATS.glob("*.md")))
def test_the_examples_of_a_page_run_with_the_standard_library(name, monkeypatch):
    monkeypatch.chdir(ROOT)

    outcome = doctest.testfile(str(FORMATS / name), module_relative=False, encoding="utf-8")

    assert outcome.failed == 0


def test_the_pages_with_arithmetic_have_examples():
    for name in ("canonical-json.md", "identity.md", "words.md", "ranking.md"):
        assert ">>>" in page(name), name


def test_the_overview_names_every_page():
    pages = {path.name for path in FORMATS.glob("*.md")} - {"README.md"}

    assert pages <= named(page("README.md"))


def test_every_kind_of_record_has_its_example():
    assert set(example_lines()) == set(records.FIELDS)


@pytest.mark.parametrize("kind", sorted(records.FIELDS))
def test_an_example_line_parses_and_each_of_its_fields_is_explained(kind):
    line = example_lines()[kind]

    record = records.parse(line.encode())

    assert record.kind == kind
    explained = set(re.findall(r"`([a-z0-9_]+)`", sections(page("records.md"))[kind]))
    free = {"marks", "comments", "heads", "rules"}
    inner = {key for name, value in record.body.items() if name not in free for key in keys(value)}
    assert set(record.body) | inner <= explained


def test_the_frame_of_a_record_is_explained():
    frame = set(records.Record._fields) - {"id"} | {"v"}
    intro = page("records.md").partition("\n## ")[0]

    assert frame <= named(intro)
    assert named(intro) >= records.DESK_KINDS | records.MEMBER_KINDS


def test_the_example_of_an_agenda_is_one_and_all_its_keys_and_events_are_explained():
    text = page("agenda.md")
    value = json.loads(next(block for block in code(text) if block.startswith("{")))
    blob = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    agenda = read_agenda(blob)

    assert agenda_blob(agenda) == blob
    prose = text.partition("Example:")[0]
    assert (keys(value) | set(EVENTS)) <= named(prose)


def test_every_decision_is_explained():
    assert set(records.DECISIONS) <= named(sections(page("records.md"))["decision"])


def test_the_examples_belong_to_one_competition():
    lines = {kind: json.loads(line) for kind, line in example_lines().items()}

    assert len({line["competition"] for line in lines.values()}) == 1
    assert (
        lines["closing"]["body"]["plan"]
        == hashlib.sha256(example_lines()["plan"].encode()).hexdigest()
    )
    assert (
        lines["publication"]["body"]["results"]
        == hashlib.sha256(example_lines()["results"].encode()).hexdigest()
    )


def test_the_example_blobs_are_those_that_the_example_plan_cites():
    plan = json.loads(example_lines()["plan"])["body"]
    setup, people = example_blobs()

    read = read_setup(setup, people)

    assert (setup_blob(read), people_blob(read)) == (setup, people)
    assert hashlib.sha256(setup).hexdigest() == plan["setup"]
    assert hashlib.sha256(people).hexdigest() == plan["people"]
    assert {plan["setup"], plan["people"], read.rubrics[0].fingerprint} <= named(page("setup.md"))


def test_every_key_of_the_blobs_is_explained_outside_of_the_examples():
    spoken = " ".join(re.findall(r"`([^`\n]+)`", page("setup.md")))
    words = set(re.findall(r"[a-z_]+", spoken))

    for blob in example_blobs():
        assert keys(json.loads(blob)) <= words


def test_the_example_setup_leaves_no_part_empty():
    for blob in example_blobs():
        empty = [key for key, value in json.loads(blob).items() if value in ([], {})]

        assert empty == []


def test_the_stock_tool_verifies_the_signature_of_the_page(tmp_path):
    blocks = code(page("identity.md"))
    signature = next(b for b in blocks if b.startswith("-----BEGIN")) + "\n"
    signer = next(b for b in blocks if "namespaces=" in b) + "\n"
    lines = example_lines()
    author = json.loads(lines["score-sheet"])["author"]
    data = f"{lines['enrolment']}\n{lines['score-sheet']}\n".encode()
    (tmp_path / "allowed_signers").write_bytes(signer.encode())
    (tmp_path / "ledger.sig").write_bytes(signature.encode())

    finished = subprocess.run(
        [
            *("ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-s", "ledger.sig"),
            *("-I", author, "-n", "ledger@kipp-desktop"),
        ],
        cwd=tmp_path,
        input=data,
        capture_output=True,
        check=False,
    )
    file = read_ledger(data, signature.encode(), author=author)

    assert finished.returncode == 0, finished.stderr
    assert [record.kind for record in file.records] == ["enrolment", "score-sheet"]
    assert allowed_signer(file.blob) == signer.encode()


def test_the_competition_of_the_page_is_that_of_the_lines():
    plan = json.loads(example_lines()["plan"])
    desk = bytes.fromhex(re.search(r"fromhex\('([0-9a-f]{102})'\)", page("identity.md"))[1])

    assert fingerprint(desk) == plan["author"]
    assert competition_id(desk, bytes.fromhex(plan["body"]["nonce"])) == plan["competition"]


def test_every_reason_why_a_sheet_does_not_count_is_told():
    assert set(RULES) <= named(page("fold.md"))


def test_the_container_page_has_the_purposes_and_the_commands_of_the_file():
    text = page("bundle.md")

    assert set(PURPOSES) <= named(text)
    for line in re.findall(
        r"^ +(sha256sum .*|for f in .*|while read .*)$", VERIFY_TXT, re.MULTILINE
    ):
        assert line in text, line


def test_every_key_of_a_rubric_file_is_explained():
    everything = {
        "id": "x",
        "name": "x",
        "source": "x",
        "total": "sum",
        "scale": {"min": "0", "max": "1", "step": "1"},
        "criterion": [
            {
                "id": "a",
                "name": "a",
                "description": "a",
                "criterion": [
                    {
                        "id": "b",
                        "name": "b",
                        "marked_by": "judge",
                        "scale": {"min": "0", "max": "1", "step": "1"},
                        "levels": [{"from": "0", "to": "1", "text": "x"}],
                    }
                ],
            }
        ],
    }

    written = keys(read_rubric(everything).as_json())

    assert written == keys(everything) | {"weight"}
    assert written <= named(page("rubric-and-competition-files.md"))


def test_every_key_of_a_competition_file_is_explained():
    table = tomllib.loads((ROOT / "resources" / "templates" / "kompetisi.toml").read_text("utf-8"))
    setup = json.loads(example_blobs()[0])
    stage = keys(setup["stages"]) | {"stage", "award", "person"}

    documented = named(page("rubric-and-competition-files.md"))

    assert keys(table) <= documented
    assert stage | set(KINDS) | keys(setup["competition"]) <= documented
    assert {role for roles in MARKING_ROLES.values() for role in roles} <= set(
        re.findall("[a-z]+", page("rubric-and-competition-files.md"))
    )


def test_the_rubric_of_the_page_is_the_one_of_the_example_setup():
    block = next(b for b in code(page("rubric-and-competition-files.md")) if "[[criterion]]" in b)

    rubric = read_rubric(tomllib.loads(block))

    assert rubric.fingerprint == read_setup(example_blobs()[0], None).rubrics[0].fingerprint


def test_the_defaults_of_a_stage_are_those_of_the_page():
    stage = read_rules({"stage": [{"id": "satu"}]}).stages[0]
    read_competition({"name": "x", "organiser": "x", "year": 2021})
    rows = re.findall(
        r"^\| `([a-z_]+)` \| `?\"?([^|\"`]+?)\"?`? \|",
        page("rubric-and-competition-files.md"),
        re.MULTILINE,
    )
    defaults = dict(rows[-15:])

    for name in ("kind", "between_judges", "missing", "combine"):
        assert defaults[name] == getattr(stage, name)
    for name in ("trim_from", "quorum", "min_judges"):
        assert int(defaults[name]) == getattr(stage, name)
    assert Fraction(defaults["weight"]) == stage.weight


def test_a_second_reader_gets_the_places_of_the_example():
    places = json.loads(example_lines()["results"])["body"]["places"][0]["entries"]

    assert [(item["entry"], item["place"], item["exact"]) for item in places] == [
        ("e20b5d3c8a2", 1, "77"),
        ("e10a4c2b7f1", 2, "75"),
        ("e30c6e4d9b3", None, None),
    ]
    assert "76 74 75 | 78 76 77" in page("ranking.md")


# -- decisions, rooms, README ----------------------------------------------------------------------


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_says_context_decision_consequences_and_cost(path):
    text = path.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)

    assert re.match(rf"# {int(path.name[:4])}\. \S", text)
    assert headings[:4] == ["Context", "Decision", "Consequences", "Cost"]
    assert all(len(part.split()) >= 10 for part in list(sections(text).values())[:4])


def test_decisions_are_numbered_without_gaps():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_its_law_at_its_door(room):
    text = (ROOT / "kipp_desktop" / room / "README.md").read_text("utf-8")

    assert text.startswith(f"# {room}: ")
    assert len(text.splitlines()) <= 8


def test_every_page_that_the_readme_names_is_there():
    text = (ROOT / "README.md").read_text("utf-8")
    paths = [name for name in re.findall(r"`([A-Za-z][\w./-]*)`", text) if "/" in name]

    assert len(paths) >= 5
    assert [name for name in paths if not (ROOT / name).exists() and ".venv" not in name] == []


def test_the_readme_tells_the_outsider_the_commands_of_the_file_itself():
    text = (ROOT / "README.md").read_text("utf-8")

    for line in re.findall(
        r"^ +(sha256sum .*|for f in .*|-I .*< \"\$f\"; done)$", VERIFY_TXT, re.MULTILINE
    ):
        assert line in text, line


def commands():
    """Return every ``kipp …`` of the README, split as a shell would."""
    text = (ROOT / "README.md").read_text("utf-8")
    lines = re.findall(r"^    (kipp [^#\n]+)", text, flags=re.MULTILINE)
    lines += [line for line in re.findall(r"`(kipp [^`]+)`", text) if "COMMAND" not in line]
    return sorted({line.strip() for line in lines})


def options(parser):
    return {option for action in parser._actions for option in action.option_strings}


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_readme_is_one_that_the_program_has(command):
    parser = importlib.import_module("kipp_desktop.cli").build_parser()
    known = options(parser)
    words = shlex.split(command)[1:]
    depth = 0

    for word in words:
        choices = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        if not choices or word.startswith("-"):
            break
        assert word in choices[0].choices, f"there is no “kipp {' '.join(words[: depth + 1])}”"
        parser, depth = choices[0].choices[word], depth + 1
        known |= options(parser)

    asked = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert depth or asked
    assert asked <= known
