import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.canonical import NotCanonical, digest, encode
from kipp_desktop.domain.records import (
    DESK_KINDS,
    FIELDS,
    MEMBER_KINDS,
    check_body,
    is_time,
    line_of,
    parse,
)
from tests.examples import AT, BODIES, COMPETITION, HASH, JUDGE, line
from tests.strategies import json_values

KINDS = sorted(FIELDS)

#: One value of every type; a field refuses all those that its format does not name.
OTHERS = [None, True, 0, -1, 7, "", "X y", "2021", [], [7], ["A"], {}, {"x": 7}, {"x": {}}]


def paths(value, path=()):
    """Yield the path of every object, list and field in a body."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield (*path, key)
            yield from paths(child, (*path, key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from paths(child, (*path, number))


def changed(body, path, make):
    copy = json.loads(json.dumps(body))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    make(inner, path[-1])
    return copy


#: Objects whose keys are not fixed: criteria, keys, rules.
OPEN = {"comments", "marks", "heads", "rules"}


def test_there_is_an_example_of_every_kind_and_everybody_may_sign_some():
    assert set(BODIES) == set(FIELDS) == DESK_KINDS | MEMBER_KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_read_back_whole(kind):
    written = line(kind, seq=7, prev=HASH, seen=HASH)

    record = parse(written)

    assert record.id == digest(written)
    assert (record.kind, record.body, record.seq) == (kind, BODIES[kind], 7)
    assert (record.author, record.competition, record.at) == (JUDGE, COMPETITION, AT)
    assert (record.prev, record.seen) == (HASH, HASH)


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_with_a_field_removed_added_or_renamed_is_refused(kind):
    for path in paths(BODIES[kind]):
        if OPEN & set(path[:-1]):
            continue

        def rename(inner, key):
            inner[key + "x"] = inner.pop(key)

        for make in (
            lambda inner, key: inner.pop(key),
            lambda inner, key: inner.update(extra=None),
            rename,
        ):
            with pytest.raises(NotCanonical):
                check_body(kind, changed(BODIES[kind], path, make))


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_of_another_type_is_refused(kind):
    for path in paths(BODIES[kind]):
        if "rules" in path[:-1]:  # a copy for people; the plan says what was in force
            continue
        before = BODIES[kind]
        for step in path:
            before = before[step]
        refused = 0
        for other in OTHERS:

            def put(inner, key, other=other):
                inner[key] = other

            body = changed(BODIES[kind], path, put)
            try:
                check_body(kind, body)
            except NotCanonical:
                refused += 1
            else:
                same = type(other) is type(before)
                optional = other is None or before is None
                assert same or optional, (path, other)
        assert refused >= 6, path


@pytest.mark.parametrize("name", ["at", "author", "body", "competition", "kind", "prev", "seen"])
def test_a_line_with_a_field_missing_or_of_another_type_is_refused(name):
    value = json.loads(line("receipt"))
    for other in OTHERS:
        if name in {"prev", "seen"} and other == "":
            continue
        with pytest.raises(NotCanonical):
            parse(encode({**value, name: other}))
    del value[name]

    with pytest.raises(NotCanonical):
        parse(encode(value))


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 0},
        {"seq": -1},
        {"seq": True},
        {"seq": "1"},
        {"v": 2},
        {"v": True},
        {"v": "1"},
        {"extra": 1},
        {"kind": "score-sheets"},
        {"author": HASH.upper()},
        {"author": HASH + "0"},
        {"prev": "0"},
        {"seen": None},
        {"competition": ""},
    ],
)
def test_a_line_with_a_value_out_of_bounds_is_refused(change):
    value = json.loads(line("receipt"))

    with pytest.raises(NotCanonical):
        parse(encode({**value, **change}))


@pytest.mark.parametrize(
    "at",
    [
        "2021-03-16T09:31:05",
        "2021-03-16T09:31:05Z",
        "2021-03-16 09:31:05+07:00",
        "2021-03-16T09:31:05.5+07:00",
        "2021-03-16T24:00:00+07:00",
        "2021-03-16T09:60:00+07:00",
        "2021-03-16T09:31:60+07:00",
        "2021-03-16T09:31:05+07:60",
        "2021-03-16T09:31:05+24:00",
        "2021-02-29T09:31:05+07:00",
        "0000-01-01T00:00:00+00:00",
        "2021-03-16T09:31:05+07:00\n",
        "٢٠٢١-03-16T09:31:05+07:00",
        20210316,
    ],
)
def test_a_time_that_is_not_one_is_refused(at):
    assert is_time(AT)
    assert not is_time(at)


@pytest.mark.parametrize("mark", ["07", "7.0", "٧", "1e1", "", "-0", "+1", " 1", 7, None])
def test_a_mark_that_is_not_a_plain_decimal_is_refused(mark):
    with pytest.raises(NotCanonical):
        check_body("score-sheet", {**BODIES["score-sheet"], "marks": {"efektif": mark}})


def test_a_sheet_may_withdraw_its_marks():
    check_body("score-sheet", {**BODIES["score-sheet"], "marks": None})


def test_ids_that_stand_twice_are_refused():
    with pytest.raises(NotCanonical):
        check_body("abstention", {**BODIES["abstention"], "entries": ["e1", "e1"]})


def test_the_writer_refuses_what_the_reader_would_refuse():
    with pytest.raises(NotCanonical):
        line_of(
            at=AT, author=JUDGE, body={}, competition=COMPETITION, kind="receipt", prev="", seen="",
            seq=1,
        )  # fmt: skip


@given(st.sampled_from(KINDS), json_values)
def test_any_body_is_a_record_or_not_canonical(kind, body):
    value = {**json.loads(line(kind)), "body": body}

    try:
        parse(encode(value))
    except NotCanonical:
        return
    assert set(body) == set(FIELDS[kind])


@given(st.binary(max_size=100))
def test_any_bytes_are_no_record(data):
    with pytest.raises(NotCanonical):
        parse(data)
