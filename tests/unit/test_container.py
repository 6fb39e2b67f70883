import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.exchange.container import DEFLATE_FROM, DEFLATED, STORED, Writer, content, scan

names = st.from_regex(r"[a-z0-9/.]{1,20}", fullmatch=True)


def written(members):
    file = io.BytesIO()
    writer = Writer(file)
    for name, data in members:
        writer.add_bytes(name, data)
    writer.close()
    return file, writer.members


@given(st.lists(st.tuples(names, st.binary(max_size=100)), unique_by=lambda item: item[0]))
def test_members_come_back_in_order(members):
    file, made = written(members)

    assert scan(file) == made
    assert [(m.name, b"".join(content(file, m))) for m in made] == members


@pytest.mark.parametrize(
    ("data", "method"),
    [
        (b"x" * 100, STORED),
        (b"nilai 7\n" * 10 + bytes(range(256)) * (DEFLATE_FROM // 256), DEFLATED),
        (b"x" * DEFLATE_FROM * 10, STORED),
    ],
)
def test_long_texts_are_deflated_unless_they_would_look_like_a_bomb(data, method):
    file, made = written([("a", data)])

    assert made[0].method == method
    assert scan(file) == made
    assert b"".join(content(file, made[0])) == data


def test_streamed_and_whole_members_have_the_same_bytes():
    one, other = io.BytesIO(), io.BytesIO()

    Writer(one).add_bytes("a", b"satu dua")
    Writer(other).add_chunks("a", [b"satu", b" ", b"", b"dua"])

    assert one.getvalue() == other.getvalue()


def test_the_standard_library_reads_it():
    text = b"".join(b"baris %d\n" % number for number in range(20_000))
    file, _ = written([("a", b"satu"), ("b/c", text)])

    with zipfile.ZipFile(file) as found:
        assert found.testzip() is None
        assert found.read("a") == b"satu"
        assert found.read("b/c") == text
