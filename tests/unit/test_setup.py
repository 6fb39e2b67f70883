import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.canonical import decode, encode
from kipp_desktop.domain.competition import (
    Award,
    Competition,
    Decree,
    Group,
    Rounding,
    Rules,
    Signatory,
    Stage,
)
from kipp_desktop.domain.records import check_body
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import (
    Assignment,
    Entry,
    Organisation,
    Person,
    Setup,
    assign_all,
    conflicts_of,
    people_blob,
    read_setup,
    setup_blob,
    setup_changes,
)
from kipp_desktop.errors import KippError
from tests.examples import BODIES
from tests.strategies import json_values

RUBRIC = read_rubric(
    {
        "id": "r",
        "name": "R",
        "scale": {"min": "1", "max": "10"},
        "criterion": [{"id": "c", "name": "C"}],
    }
)
SETUP = assign_all(
    Setup(
        Competition("KIPP", "Bagian Organisasi", 2021, decrees=(Decree("1", "2021-03-01", "tim"),)),
        (Group("umum", "Umum"), Group("khusus", "Khusus")),
        Rules(
            (
                Stage("presentasi", "Presentasi", "presentation", RUBRIC.fingerprint,
                      weight=Fraction(60), slot=(("video", 3),)),
                Stage("pleno", "Pleno", "plenary", combine="confirm"),
            ),
            ("criterion:c", "lot"),
            Rounding(2, "final"),
            (Award("umum", "Top 1", 1),),
            ("chair",),
        ),
        (RUBRIC,),
        (
            Organisation("dinkes", "Dinas Kesehatan", "dinas", None, must_enter=True),
            Organisation("pkm", "Puskesmas", "puskesmas", "dinkes"),
            Organisation("diknas", "Dinas Pendidikan"),
        ),
        (
            Entry("e1", "01", "Satu", "pkm", group="umum", fields=(("kontak", "x"),)),
            Entry("e2", "02", "Dua", "diknas", group="khusus"),
            Entry("e3", "03", "Tiga", None, group="umum"),
        ),
        (
            Person("juri-1", "Juri 1", ("judge", "chair"), "Universitas", "Dr.", ("dinkes", "e3")),
            Person("juri-2", "Juri 2", ("judge",)),
            Person("petugas", "Petugas 1", ("clerk",)),
        ),
        claims=(("e1", None, "dipakai setiap hari"),),
        signatories=(Signatory("Ketua", "Juri 1"),),
        salt="ab" * 16,
    )
)  # fmt: skip
PUBLIC, PRIVATE = setup_blob(SETUP), people_blob(SETUP)


def refuses(setup, people):
    with pytest.raises(KippError) as caught:
        read_setup(setup, people)
    assert str(caught.value)


def test_a_setup_comes_back_from_its_two_blobs():
    assert read_setup(PUBLIC, PRIVATE) == SETUP
    assert encode(decode(PUBLIC)) == PUBLIC
    assert encode(decode(PRIVATE)) == PRIVATE


def test_without_the_people_blob_persons_are_ids_and_nothing_private_is_known():
    found = read_setup(PUBLIC, None)

    assert setup_blob(found) == PUBLIC
    assert [person.name for person in found.persons] == ["", "", ""]
    assert found.name_of("juri-1") == "juri-1"
    assert found.entries[0].fields == ()


def test_no_name_and_no_conflict_stands_in_the_public_blob():
    for private in (b"Juri 1", b"Universitas", b"Petugas 1", b"Dr.", b"kontak", b"ab" * 16):
        assert private in PRIVATE
        assert private not in PUBLIC


def test_nip_stands_in_neither_blob():
    signed = replace(SETUP, signatories=(Signatory("Ketua", "Juri 1", "197001011990031001"),))

    assert (setup_blob(signed), people_blob(signed)) == (PUBLIC, PRIVATE)


def test_conflicts_reach_down_the_tree_of_organisations_and_are_taken_off():
    assert conflicts_of(SETUP, SETUP.persons[0]) == ("e1", "e3")
    assert conflicts_of(SETUP, SETUP.persons[1]) == ()
    assert SETUP.judges_of("presentasi") == ("juri-1", "juri-2")
    assignment = SETUP.assignment("presentasi", "juri-1")
    assert [assignment.covers(entry) for entry in ("e1", "e2", "e3")] == [False, True, False]


def test_a_tree_that_bites_its_tail_ends():
    tail = (Organisation("pkm", "P", parent="x"), Organisation("x", "X", parent="pkm"))
    looped = replace(SETUP, organisations=tail)

    assert conflicts_of(looped, SETUP.persons[0]) == ("e3",)


@pytest.mark.parametrize("blob", [PUBLIC, PRIVATE])
def test_every_changed_byte_is_refused_or_another_setup_in_canonical_form(blob):
    for place in range(0, len(blob), 5):
        changed = bytearray(blob)
        changed[place] ^= 0x01
        pair = (bytes(changed), PRIVATE) if blob is PUBLIC else (PUBLIC, bytes(changed))
        try:
            found = read_setup(*pair)
        except KippError:
            continue
        assert (setup_blob(found), people_blob(found)) == pair


def leaves(value, path=()):
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*path, key))
    yield path


@pytest.mark.parametrize("other", [None, 7, True, "Zz 9", [], {}, [["x"]], {"x": "y"}])
def test_a_value_of_another_type_anywhere_is_refused_or_kept_as_it_is(other):
    for blob in (PUBLIC, PRIVATE):
        for path in leaves(json.loads(blob)):
            if not path:
                continue
            value = json.loads(blob)
            inner = value
            for step in path[:-1]:
                inner = inner[step]
            before = inner[path[-1]]
            inner[path[-1]] = other
            pair = (encode(value), PRIVATE) if blob is PUBLIC else (PUBLIC, encode(value))
            try:
                read_setup(*pair)
            except KippError:
                continue
            assert type(before) is type(other) or before is None or other is None, path


@pytest.mark.parametrize(
    "change",
    [
        {"entries": (*SETUP.entries, SETUP.entries[0])},
        {"entries": (replace(SETUP.entries[0], group="lain"),)},
        {"groups": ()},
        {"persons": (*SETUP.persons, SETUP.persons[0])},
        {"persons": (replace(SETUP.persons[0], roles=("king",)), *SETUP.persons[1:])},
        {"rubrics": ()},
        {"rubrics": (RUBRIC, RUBRIC)},
        {"organisations": (*SETUP.organisations, SETUP.organisations[0])},
        {"assignments": (Assignment("lain", "juri-1"),)},
        {"assignments": (Assignment("presentasi", "lain"),)},
        {"assignments": (Assignment("presentasi", "juri-1", ("e9",)),)},
        {"assignments": (Assignment("presentasi", "juri-1", None, ("e9",)),)},
        {"assignments": (Assignment("presentasi", "juri-1"),) * 2},
        {"rules": replace(SETUP.rules, awards=(Award("lain", "Top 1", 1),))},
    ],
)
def test_what_is_cited_must_be_there_once(change):
    broken = replace(SETUP, **change)

    refuses(setup_blob(broken), people_blob(broken))


@given(st.binary(max_size=50) | json_values.map(encode))
def test_any_bytes_are_no_setup(data):
    refuses(data, None)
    refuses(PUBLIC, data)


def test_deep_bytes_are_no_setup():
    refuses(b"[" * 1_000_000, None)
    refuses(b'{"entries":' + b"[" * 900 + b"]" * 900 + b"}", None)


def test_changes_are_told_part_by_part_and_fit_into_a_plan():
    entries = (replace(SETUP.entries[0], title="Baru"), SETUP.entries[1], Entry("e4", "4", "E"))
    later = replace(
        SETUP, entries=entries, rules=replace(SETUP.rules, ties=("lot",)), persons=SETUP.persons[:2]
    )

    changes = setup_changes(SETUP, later)

    assert changes == [
        {"added": ["e4"], "changed": ["e1"], "part": "entries", "removed": ["e3"]},
        {"added": [], "changed": [], "part": "persons", "removed": ["petugas"]},
        {"added": [], "changed": ["ties"], "part": "rules", "removed": []},
    ]
    check_body("plan", {**BODIES["plan"], "changes": changes})
    assert setup_changes(None, SETUP) == []
    assert setup_changes(SETUP, SETUP) == []
