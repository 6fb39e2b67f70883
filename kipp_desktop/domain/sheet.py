"""Score sheets: one judge's marks for one entry in one stage.

Inside the program the marks of a sheet are *packed*: two bytes a judge's leaf, in the rubric's
order, each the number of steps above the scale's minimum, :data:`UNMARKED` where there is none yet.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from kipp_desktop.domain.rubric import Leaf, Rubric

UNMARKED = 0xFFFF


def empty_marks(rubric: Rubric) -> bytes:
    """Return packed marks of which none is set."""
    return struct.pack(">H", UNMARKED) * len(rubric.judged.leaves)


def indexes(packed: bytes) -> tuple[int, ...]:
    """Return the packed marks as steps above the minimum."""
    return struct.unpack(f">{len(packed) // 2}H", packed)


def with_mark(rubric: Rubric, packed: bytes, criterion: str, mark: Fraction | None) -> bytes:
    """Return ``packed`` with one mark set, or cleared for ``None``.

    Raises :class:`KippError` with code ``no-criterion`` or ``off-scale``.
    """
    for position, leaf in enumerate(rubric.judged.leaves):
        if leaf.id == criterion:
            index = UNMARKED if mark is None else leaf_index(leaf, mark)
            values = list(indexes(packed))
            values[position] = index
            return struct.pack(f">{len(values)}H", *values)
    raise KippError(
        "no-criterion",
        Text("The rubric has no criterion “{id}” that judges mark.", id=criterion),
        Text(
            "Use the ids of the rubric: {ids}.", ids=", ".join(x.id for x in rubric.judged.leaves)
        ),
    )


def leaf_index(leaf: Leaf, mark: Fraction) -> int:
    """Return the steps of ``mark`` above the minimum; raises ``off-scale``."""
    index = leaf.scale.index(mark)
    if index is None:
        raise KippError(
            "off-scale",
            Text(
                "{mark} is not on the scale of “{criterion}”.",
                mark=mark,
                criterion=leaf.criterion.name,
            ),
            Text(
                "It goes from {low} to {high} in steps of {step}.",
                low=leaf.scale.minimum,
                high=leaf.scale.maximum,
                step=leaf.scale.step,
            ),
        )
    return index


def pack(rubric: Rubric, marks: Mapping[str, str]) -> bytes | None:
    """Pack the marks of a signed sheet; ``None`` unless every leaf is marked within its scale."""
    readers = rubric.judged.readers
    if len(marks) != len(readers):
        return None
    try:
        return b"".join([known[marks[criterion]] for criterion, known in readers])
    except KeyError:
        return None


def unpack(rubric: Rubric, packed: bytes) -> dict[str, str]:
    """Return the marks that are set as decimal strings by criterion id."""
    return {
        leaf.id: format_decimal(leaf.scale.mark(index))
        for leaf, index in zip(rubric.judged.leaves, indexes(packed), strict=True)
        if index != UNMARKED
    }


def complete(packed: bytes) -> bool:
    """Return whether every leaf is marked."""
    return UNMARKED not in indexes(packed)


def totaller(rubric: Rubric) -> Callable[[bytes], int]:
    """Return :func:`total` for the sheets of one rubric, of which there may be very many."""
    numerator = rubric.judged.numerator
    read = struct.Struct(f">{len(rubric.judged.leaves)}H").unpack
    return lambda packed: numerator(read(packed))


def total(rubric: Rubric, packed: bytes) -> int:
    """Return the judge's part of the total over the rubric's denominator."""
    return rubric.judged.numerator(indexes(packed))


def corrected(rubric: Rubric, packed: bytes, marks: Mapping[str, str]) -> tuple[int, bytes]:
    """Return total and packed marks with some leaves set; what is no leaf or off scale stays."""
    changed = b"".join(
        known.get(marks.get(criterion, ""), packed[2 * position : 2 * position + 2])
        for position, (criterion, known) in enumerate(rubric.judged.readers)
    )
    return total(rubric, changed), changed


@dataclass(frozen=True)
class Notes:
    """What a judge writes beside the marks; ``private`` is never signed nor exported.

    ``written_total`` is the total that stands by hand on a paper sheet, as a canonical decimal;
    ``source`` says where a typed sheet came from: ``paper``, or the judge's spreadsheet ``form``;
    ``visit`` a verifier's draft (:mod:`kipp_desktop.domain.visit`), signed as a record of its own.
    """

    comments: tuple[tuple[str, str], ...] = ()
    feedback: str = ""
    check: str = ""
    private: str = ""
    written_total: str = ""
    source: str = "paper"
    visit: str = ""
