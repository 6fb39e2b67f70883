import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.canonical import encode
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.ledger_file import (
    Held,
    ends,
    read_ledger,
    sign_ledger,
    signed_prefix,
)
from tests.examples import COMPETITION, JUDGE, Author, desk, judge, key_of, line


def refuses(data, name="judge", signature=None, **options):
    """Sign the bytes rightly, so that only what they say is wrong."""
    with pytest.raises(KippError) as caught:
        read_ledger(data, signature or sign_ledger(key_of(name), data), **options)
    assert caught.value.code == "bad-ledger"
    assert str(caught.value)
    assert caught.value.next is not None


def held(author):
    return Held(author.data, author.head, len(author.lines), is_desk=False)


def test_a_ledger_is_read_whole():
    author = judge(3)

    found = read_ledger(author.data, author.signature, author=JUDGE, competition=COMPETITION)

    assert list(found.records) == author.records
    assert (found.author, found.competition, found.head, found.seq) == (
        JUDGE,
        COMPETITION,
        author.head,
        4,
    )
    assert not found.is_desk
    assert read_ledger(desk().data, desk().signature).is_desk


def test_of_a_ledger_that_continues_the_held_one_only_the_rest_is_read():
    author = judge(1)
    before = held(author)
    author.write("score-sheet", entry="e2")

    found = read_ledger(author.data, author.signature, competition=COMPETITION, held=before)

    assert [record.seq for record in found.records] == [3]
    assert (found.head, found.seq) == (author.head, 3)


def test_the_held_ledger_again_holds_nothing_new():
    author = judge(1)

    found = read_ledger(author.data, author.signature, competition=COMPETITION, held=held(author))

    assert not found.records
    assert found.head == author.head


def test_a_ledger_that_does_not_continue_the_held_one_is_read_from_its_start():
    here, other = judge(2), judge(1)
    other.write("score-sheet", entry="e9")

    found = read_ledger(other.data, other.signature, held=held(here))

    assert [record.seq for record in found.records] == [1, 2, 3]


def test_a_continuation_is_checked_like_the_rest():
    author = judge(1)
    before = held(author)
    foreign = line("score-sheet", seq=4, prev=author.head)

    refuses(author.data + foreign + b"\n", competition=COMPETITION, held=before)
    refuses(author.data + line("enrolment", seq=3, prev=author.head) + b"\n", held=before)
    refuses(author.data + b"x", held=before)


@pytest.mark.parametrize("dropped", [0, 1, 2])
def test_a_missing_record_is_refused(dropped):
    author = judge(3)
    del author.lines[dropped]

    refuses(author.data)


def test_moved_records_are_refused():
    author = judge(3)
    author.lines[1], author.lines[2] = author.lines[2], author.lines[1]

    refuses(author.data)


def test_a_record_of_somebody_else_is_refused():
    author, other = judge(2), Author("other")
    other.write("enrolment")
    foreign = line("score-sheet", author=other.id, seq=4, prev=author.head)

    refuses(author.data + foreign + b"\n")


def test_a_record_of_another_competition_is_refused():
    author = judge(1)
    foreign = line("score-sheet", competition="cd" * 32, seq=3, prev=author.head)

    refuses(author.data + foreign + b"\n")
    refuses(author.data, competition="cd" * 32)


def test_another_name_or_key_is_refused():
    author = judge(1)

    refuses(author.data, author="ab" * 32)
    refuses(author.data, name="other")


def test_a_signature_over_a_shorter_ledger_is_refused():
    author = judge(1)
    signature = author.signature
    author.write("score-sheet")

    refuses(author.data, signature=signature)


@pytest.mark.parametrize(
    "kind", ["plan", "admission", "receipt", "closing", "results", "decision", "panel-mark"]
)
def test_a_member_may_not_sign_what_the_desk_signs(kind):
    author = judge(1)
    author.write(kind)

    refuses(author.data)


@pytest.mark.parametrize("kind", ["score-sheet", "paper-sheet", "paper-check", "observation"])
def test_the_desk_may_not_sign_marks(kind):
    author = desk()
    author.write(kind)

    refuses(author.data, "desk")


def test_a_desk_that_cites_a_desk_is_refused():
    author = desk()
    citing = line("receipt", author=author.id, seq=4, prev=author.head, seen="ab" * 32)

    refuses(author.data + citing + b"\n", "desk")


def test_a_ledger_begins_with_an_enrolment_and_has_no_second():
    first = line("score-sheet")
    twice = judge(1)
    twice.write("enrolment")

    refuses(first + b"\n")
    refuses(twice.data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: b"\n",
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: b"\n" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b'"seq":2', b'"seq":2.0'),
        lambda data: data.replace(b'"marks":', b'"marks": '),
        lambda data: data.replace(b'"8"', b'"08"'),
        lambda data: data.replace(b'"8"', b'"8.0"'),
        lambda data: data.replace(b'"8"', '"٨"'.encode()),
        lambda data: data.replace(b'"8"', b'"1e1"'),
        lambda data: data.replace(b'"8"', b"NaN"),
        lambda data: data.replace(b'"8"', b"8"),
        lambda data: data.replace(b'"8"', b'"8","kebaruan":"8"'),
        lambda data: data.replace(b'"Baru di kota ini."', b'"\\ud800"'),
        lambda data: data.replace(b'"Baru di kota ini."', b"[" * 60_000 + b"]" * 60_000),
        lambda data: data.replace(b'"v":1', b'"v":' + b"1" * 6_000),
        lambda data: data.replace(b'"v":1', b'"v":2'),
        lambda data: data.replace(b"Baru di kota ini.", b"x" * (1 << 20)),
    ],
)
def test_lines_that_we_would_not_write_are_refused_though_rightly_signed(change):
    data = judge(1).data
    changed = change(data)
    assert changed != data

    refuses(changed)


def test_every_changed_byte_of_a_ledger_is_refused():
    author = judge(1)
    data, signature = author.data, author.signature
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x01
        refuses(bytes(changed), signature=signature)


def test_every_changed_byte_is_refused_even_when_signed_again_or_it_is_another_ledger():
    author = judge(1)
    for place in range(0, len(author.data), 3):
        changed = bytearray(author.data)
        changed[place] ^= 0x01
        data = bytes(changed)
        try:
            found = read_ledger(data, sign_ledger(key_of("judge"), data))
        except KippError:
            continue
        assert found.head != author.head
        assert b"".join(encode(json.loads(x)) + b"\n" for x in data.splitlines()) == data


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_are_refused(data, signature):
    for given_signature in (signature, sign_ledger(key_of("judge"), data)):
        with pytest.raises(KippError):
            read_ledger(data, given_signature)


def test_lines_beyond_the_last_signature_are_found_after_a_torn_append():
    author = judge(2)
    signed, signature = author.data, author.signature
    author.write("score-sheet", entry="e3")

    for torn in range(len(signed), len(author.data) + 1):
        assert signed_prefix(author.data[:torn], signature) == len(signed)
    assert signed_prefix(signed[:-1], signature) == -1
    assert signed_prefix(b"", signature) == -1
    assert signed_prefix(b"x" + author.data, signature) == -1


def test_the_ends_of_lines_are_those_of_whole_lines():
    assert ends(b"") == []
    assert ends(b"a\nbc\nd") == [2, 5]
