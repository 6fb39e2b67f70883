"""What a person reads: texts, numbers and dates in Indonesian or English.

The core makes :class:`~kipp_desktop.texts.Text` values; the window, the command line and the
documents say them here. Translations are gettext catalogues (``resources/i18n/*.mo``).
"""

from __future__ import annotations

import gettext
import io
import logging
import re
import struct
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from typing import Any, Literal, get_args

from kipp_desktop import assets
from kipp_desktop.texts import Text

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

#: Digits after the point of a number that is not shown exactly.
DIGITS = 6

_FIELD = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Manner:
    """How a language writes numbers, dates and lists."""

    point: str
    conjunction: str
    comma_before_last: bool
    clock: str
    date_time: str
    months: Sequence[str]


_MANNERS: dict[Language, _Manner] = {
    "id": _Manner(
        point=",",
        conjunction=" dan ",
        comma_before_last=True,
        clock="%H.%M",
        date_time="{date} pukul {time}",
        months=(
            "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
        ).split(),
    ),
    "en": _Manner(
        point=".",
        conjunction=" and ",
        comma_before_last=False,
        clock="%H:%M",
        date_time="{date} at {time}",
        months=(
            "January February March April May June July August September October November December"
        ).split(),
    ),
}


class _Words(gettext.NullTranslations):
    """A compiled catalogue that is searched, not read: a start says few of its thousands of texts.

    Sorted by the bytes of the sources, as the manual of GNU gettext describes it ("MO Files").
    """

    def _parse(self, fp: Any) -> None:
        self._data: bytes = fp.read()
        _, _, self._count, self._sources, self._said = struct.unpack_from("<5I", self._data)
        self._found: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        """Return the translation of a source, or the source itself where there is none."""
        found = self._found.get(message)
        if found is None:
            found = self._found[message] = self._look_up(message)
        return found

    def _look_up(self, message: str) -> str:
        wanted, source = message.encode(), partial(self._text, self._sources)
        at = bisect_left(range(self._count), wanted, key=source)
        if at < self._count and source(at) == wanted:
            return self._text(self._said, at).decode()
        return message

    def _text(self, table: int, number: int) -> bytes:
        length, start = struct.unpack_from("<2I", self._data, table + 8 * number)
        return self._data[start : start + length]


class Catalogue:
    """One language: its translations, and how it writes numbers, dates and lists."""

    def __init__(self, language: Language, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations
        self._manner = _MANNERS[language]

    @staticmethod
    @cache
    def load(language: Language) -> Catalogue:
        """Return the catalogue of a language."""
        translations = io.BytesIO(assets.read_bytes("resources", "i18n", f"{language}.mo"))
        return Catalogue(language, _Words(translations))

    def translate(self, source: str) -> str:
        """Return the translation of an English source text, or that text where there is none."""
        # gettext answers the empty text with the catalogue's header.
        return self._translations.gettext(source) if source else ""

    def say(self, text: Text) -> str:
        """Return the sentence with its values, each as this language writes it.

        A value that the sentence names and the text lacks stays visible as ``{name}`` and is
        logged: a judge can still work, and every test fails.
        """

        def fill(field: re.Match[str]) -> str:
            name = field[1]
            if name is None:
                return field[0][0]
            if name not in text.values:
                _log.error("no value for %r in %r", name, text.source)
                return field[0]
            return self.value(text.values[name])

        return _FIELD.sub(fill, self.translate(text.source))

    def value(self, value: object) -> str:
        """Return any value as a person reads it: texts, numbers, dates, and lists of them."""
        match value:
            case str():
                return value
            case Text():
                return self.say(value)
            case Fraction() | Decimal():
                return self.number(_decimal_string(Fraction(value)))
            case datetime():
                return self.date_time(value)
            case date():
                return self.date(value)
            case time():
                return self.time(value)
            case list() | tuple():
                return self.list(value)
            case _:
                return str(value)

    def number(self, decimal: str) -> str:
        """Return a canonical decimal string (``"87.25"``) with this language's decimal sign."""
        return decimal.replace(".", self._manner.point)

    def date(self, day: date) -> str:
        """Return ``16 Maret 2021`` or ``16 March 2021``."""
        return f"{day.day} {self._manner.months[day.month - 1]} {day.year}"

    def time(self, moment: time | datetime) -> str:
        """Return ``08.30`` or ``08:30``, on the clock that ``moment`` itself names."""
        return moment.strftime(self._manner.clock)

    def date_time(self, moment: datetime) -> str:
        """Return ``16 Maret 2021 pukul 08.30`` or ``16 March 2021 at 08:30``."""
        return self._manner.date_time.format(date=self.date(moment), time=self.time(moment))

    def list(self, values: Iterable[object]) -> str:
        """Return ``a, b, dan c`` (EYD V) or ``a, b and c``."""
        said = [self.value(value) for value in values]
        if len(said) < 2:
            return "".join(said)
        comma = "," if len(said) > 2 and self._manner.comma_before_last else ""
        return f"{', '.join(said[:-1])}{comma}{self._manner.conjunction}{said[-1]}"


def _decimal_string(exact: Fraction) -> str:
    """Return ``exact`` as a decimal string: exactly where six digits suffice, else half up."""
    scaled = (exact * 10**DIGITS + Fraction(1, 2)).__floor__()
    sign = "-" if scaled < 0 else ""
    whole, part = divmod(abs(scaled), 10**DIGITS)
    return f"{sign}{whole}.{part:0{DIGITS}}".rstrip("0").rstrip(".")
