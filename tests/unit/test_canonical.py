import json
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.canonical import (
    MAX_INTEGER,
    MAX_LINE,
    NotCanonical,
    decode,
    encode,
    format_decimal,
    normalise,
    parse_decimal,
)
from kipp_desktop.errors import KippError
from tests.strategies import any_text, json_values


@given(json_values)
def test_every_value_comes_back_from_its_bytes(value):
    assert decode(encode(value)) == value


@given(json_values)
def test_equal_values_have_equal_bytes_however_they_were_built(value):
    shuffled = json.loads(json.dumps(value), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert encode(shuffled) == encode(value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_not_canonical(data):
    try:
        value = decode(data)
    except NotCanonical:
        return
    assert encode(value) == data


@given(json_values, st.data())
def test_one_other_byte_gives_another_value_or_none(value, data):
    line = bytearray(encode(value))
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] ^= data.draw(st.integers(1, 255))

    try:
        other = decode(bytes(line))
    except NotCanonical:
        return

    assert encode(other) == bytes(line)
    # Not ==: in Python True is 1.
    assert repr(other) != repr(value)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" ",
        b"{}\n",
        b" {}",
        b"{ }",
        b'{"a": 1}',
        b'{"a":1 }',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"A":1}',
        b'{"":1}',
        '{"ä":1}'.encode(),
        b"1.0",
        b"1.5",
        b"1e1",
        b"1E1",
        b"-0",
        b"01",
        b"+1",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"1" * 5000,
        b"1e" + b"9" * 5000,
        b"[" * 17 + b"]" * 17,
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 20_000,
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\\ud83d\\ude00"',
        '"e\u0301"'.encode(),
        '"\u212b"'.encode(),
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u00E9"',
        b'"\\u001F"',
        b'"\\u000a"',
        b'"\n"',
        b'"\x01"',
        b"\xef\xbb\xbf1",
        '"a"'.encode("utf-16"),
        b"1 ",
        b"1\n",
        b"1 2",
        b"{}{}",
        b"{}\x00",
        b"'a'",
        b'"a',
        b'"\xff"',
        b"True",
        b"nil",
        b'["a",]',
        b'{"a":1,}',
    ],
)
def test_what_the_writer_would_not_write_is_refused(line):
    with pytest.raises(NotCanonical):
        decode(line)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {"A": 1},
        {"": 1},
        {1: 1},
        {None: 1},
        {True: 1},
        {"a": 0.5},
        [object()],
        (1, 2),
        b"x",
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        "\ud800",
        "e\u0301",
        "x" * MAX_LINE,
    ],
)
def test_a_value_without_a_canonical_form_is_not_written(value):
    with pytest.raises(NotCanonical):
        encode(value)


def test_sixteen_levels_are_allowed_and_seventeen_are_not():
    sixteen = b"[" * 16 + b"]" * 16

    assert encode(decode(sixteen)) == sixteen
    with pytest.raises(NotCanonical):
        encode([decode(sixteen)])


def test_a_value_that_holds_itself_is_not_written():
    loop = []
    loop.append(loop)

    with pytest.raises(NotCanonical):
        encode(loop)


def test_a_line_may_have_a_mebibyte_and_no_byte_more():
    whole = "x" * (MAX_LINE - 2)

    assert decode(encode(whole)) == whole
    with pytest.raises(NotCanonical):
        decode(b'"' + b"x" * (MAX_LINE - 1) + b'"')


def test_the_largest_integers_are_kept():
    for value in (MAX_INTEGER, -MAX_INTEGER, 0, -1):
        assert decode(encode(value)) == value


def test_the_form_is_written_as_the_format_says():
    value = {"b": [True, None, -3], "a_-1": 'kopi "tubruk"\\\n\t\x01\x7f é😀'}

    assert encode(value) == (
        '{"a_-1":"kopi \\"tubruk\\"\\\\\\n\\t\\u0001\x7f é😀","b":[true,null,-3]}'.encode()
    )


@given(any_text)
def test_a_normalised_text_can_always_be_signed_and_normalises_to_itself(text):
    clean = normalise(text)

    assert decode(encode(clean)) == clean
    assert normalise(clean) == clean


def test_an_accent_behind_a_line_break_does_not_stop_a_comment_from_being_signed():
    clean = normalise("baris\n\u0301 kedua")

    assert clean == "baris\n kedua"
    assert decode(encode({"a": clean})) == {"a": clean}


def test_normalising_composes_accents_and_drops_what_cannot_be_written():
    assert normalise("  cafe\u0301 \ud800 ") == unicodedata.normalize("NFC", "café ?")


@pytest.mark.parametrize(
    "text",
    [
        "07", "7.0", "7.", ".5", "٧", "７", "1e1", "", "-0", "-0.0", "0.0", "+1", " 1", "1 ", "1\n",
        "00", "1,5", "1_000", "--1", "0x1", "NaN", "inf", "1/2", "9" * 41,
    ],
)  # fmt: skip
def test_a_decimal_that_is_not_plain_is_refused(text):
    with pytest.raises(KippError) as caught:
        parse_decimal(text)

    assert caught.value.code == "bad-decimal"
    assert str(caught.value)


@given(st.integers(-(10**12), 10**12), st.integers(0, 12))
def test_a_decimal_comes_back_from_its_string(number, digits):
    value = Fraction(number, 10**digits)

    assert parse_decimal(format_decimal(value)) == value


@given(st.from_regex(r"-?[0-9.]{1,12}", fullmatch=True))
def test_a_decimal_has_one_string(text):
    try:
        value = parse_decimal(text)
    except KippError:
        return
    assert format_decimal(value) == text


@given(st.integers(1, 10**6), st.integers(3, 10**6))
def test_a_fraction_without_an_end_has_no_decimal_string(numerator, denominator):
    value = Fraction(numerator, denominator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime

    if rest == 1:
        assert Fraction(format_decimal(value)) == value
    else:
        with pytest.raises(ValueError, match="no finite decimal"):
            format_decimal(value)
