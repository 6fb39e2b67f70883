import hashlib

from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.domain.lots import draw

SEED = "00112233445566778899aabbccddeeff"


def test_a_lot_can_be_drawn_again_with_stock_tools():
    drawn = draw(["e1", "e2", "e3"], SEED)

    by_hand = {hashlib.sha256(f"{SEED}:{e}".encode()).hexdigest(): e for e in ("e1", "e2", "e3")}
    assert drawn == [by_hand[digest] for digest in sorted(by_hand)]


@given(st.lists(st.from_regex(r"[a-z0-9-]{1,6}", fullmatch=True), unique=True), st.randoms())
def test_the_order_of_the_entries_does_not_matter(entries, random):
    assert draw(random.sample(entries, len(entries)), SEED) == draw(entries, SEED)
    assert sorted(draw(entries, SEED)) == sorted(entries)


def test_another_seed_gives_every_entry_its_chance():
    first = {draw(["a", "b", "c"], f"{number:032x}")[0] for number in range(50)}

    assert first == {"a", "b", "c"}
