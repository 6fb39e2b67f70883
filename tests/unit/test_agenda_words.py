"""Breaks and parts in one line: what is written is read again, and nothing else is accepted."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.agenda import Break
from kipp_desktop.errors import KippError
from kipp_desktop.services.agenda_words import break_words, part_words, read_breaks, read_parts

names = st.text("abcdefgh ", min_size=1, max_size=12).map(str.strip).filter(bool)
breaks = st.builds(Break, st.integers(0, 24 * 60 - 1), st.integers(1, 999), names)


@given(st.lists(breaks, max_size=4).map(tuple))
def test_breaks_are_read_as_they_were_written(some):
    assert read_breaks(break_words(some)) == some


@given(st.lists(st.tuples(names | st.just(""), st.integers(1, 999)), max_size=4).map(tuple))
def test_parts_are_read_as_they_were_written(some):
    assert read_parts(part_words(some)) == some


@given(st.text())
def test_any_line_gives_values_or_a_sentence(words):
    for read in (read_breaks, read_parts):
        with suppress(KippError):
            read(words)


@pytest.mark.parametrize("words", ["25.00 60 Ishoma", "12.60 5 Rehat", "12.00 0 Rehat", "Ishoma"])
def test_what_is_no_break_is_refused(words):
    with pytest.raises(KippError, match=words.split()[-1]):
        read_breaks(words)


@pytest.mark.parametrize("words", ["paparan", "paparan 0", "paparan 10; wawancara"])
def test_what_is_no_part_is_refused(words):
    with pytest.raises(KippError):
        read_parts(words)
