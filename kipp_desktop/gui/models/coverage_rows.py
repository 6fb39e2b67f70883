"""Names to confirm, and the sums of coverage by kind, as rows."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.coverage import KindRow
from kipp_desktop.gui.models.rows import Column
from kipp_desktop.gui.translation import say
from kipp_desktop.services.organisations import Match
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

MATCHES: Final = (
    Column[Match](Text("Name in the innovations"), lambda m: m.name, bold=True, stretch=True),
    Column[Match](
        Text("Innovations"), lambda m: str(m.entries), lambda m: m.entries, right=True, width=10
    ),
    Column[Match](Text("Perhaps means"), lambda m: m.means_name, stretch=True),
)


def _text_of(name: str) -> Callable[[KindRow], str]:
    return lambda kind: str(getattr(kind, name))


KINDS: Final = (
    Column[KindRow](
        Text("Kind"), lambda k: k.kind or say(Text("not said")), bold=True, stretch=True
    ),
    *(
        Column[KindRow](
            title,
            _text_of(name),
            attrgetter(name),
            right=True,
            width=14,
            least=9,
        )
        for title, name in (
            (Text("Organisations"), "organisations"),
            (Text("Must enter"), "obliged"),
            (Text("Of them entered"), "entered"),
            (Text("Not yet"), "missing"),
            (Text("Innovations"), "entries"),
        )
    ),
)
