"""Whether what a desk cites only grows: sentence 28 of the fold."""

import pytest

from kipp_desktop.domain.doubts import cites_less
from tests.examples import Author

K, M = "aa" * 32, "bb" * 32
FIRST, SECOND = "11" * 32, "22" * 32
SEQS = {FIRST: 1, SECOND: 2}


def found(*records, exempt=()):
    """Return (kind, key, cited, receipted) where a desk took something back."""
    author = Author("desk")
    for kind, heads in records:
        author.write(kind, heads=heads)
    less = cites_less(author.records, lambda _key, head: SEQS.get(head), exempt)
    return [(one.record.kind, one.key, one.cited, one.receipted) for one in less]


@pytest.mark.parametrize("kind", ["closing", "results"])
def test_citing_less_than_a_receipt_before_it_is_found(kind):
    receipt = ("receipt", {K: SECOND})

    assert found(receipt, (kind, {K: FIRST})) == [(kind, K, 1, 2)]
    assert found(receipt, (kind, {})) == [(kind, K, 0, 2)]
    assert found(receipt, (kind, {K: SECOND})) == []
    assert found((kind, {K: FIRST}), receipt) == []


def test_a_later_receipt_of_less_takes_nothing_back():
    receipts = [("receipt", {K: SECOND}), ("receipt", {K: FIRST})]

    assert found(*receipts, ("closing", {K: FIRST})) == [("closing", K, 1, 2)]


def test_a_key_that_forked_or_was_revoked_may_be_cited_less():
    records = [("receipt", {K: SECOND, M: SECOND}), ("closing", {K: FIRST, M: FIRST})]

    assert found(*records, exempt={K}) == [("closing", M, 1, 2)]


def test_a_head_that_is_not_held_is_left_to_what_is_lacking():
    assert found(("receipt", {K: SECOND}), ("results", {K: "33" * 32})) == []
