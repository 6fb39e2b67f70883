"""Numbers, weekdays, dates and time zones in Indonesian words, as minutes write them.

These are Indonesian by nature: a berita acara opens "Pada hari ini Selasa, tanggal enam belas bulan
Maret tahun dua ribu dua puluh satu", whatever language the screens speak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

_UNITS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

# Western, central and eastern Indonesian time, by hours ahead of UTC.
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def number_in_words(number: int) -> str:
    """Return ``number`` (0 to 999,999) in words: 2021 is "dua ribu dua puluh satu"."""
    if not 0 <= number <= 999_999:
        raise ValueError(number)
    if number < 12:
        return _UNITS[number]
    if number < 20:
        return f"{_UNITS[number - 10]} belas"
    if number < 100:
        return _joined(f"{_UNITS[number // 10]} puluh", number % 10)
    if number < 200:
        return _joined("seratus", number - 100)
    if number < 1_000:
        return _joined(f"{_UNITS[number // 100]} ratus", number % 100)
    if number < 2_000:
        return _joined("seribu", number - 1_000)
    return _joined(f"{number_in_words(number // 1_000)} ribu", number % 1_000)


def weekday_in_words(day: date) -> str:
    """Return the weekday: "Selasa"."""
    return _WEEKDAYS[day.weekday()]


def month_in_words(day: date) -> str:
    """Return the month: "Maret"."""
    return _MONTHS[day.month - 1]


def zone_in_words(moment: datetime) -> str:
    """Return the Indonesian name of the zone of ``moment`` ("WIB"), or "" for a foreign one."""
    offset = moment.utcoffset()
    return _ZONES.get(round(offset.total_seconds() / 3600), "") if offset is not None else ""


def _joined(head: str, rest: int) -> str:
    return f"{head} {number_in_words(rest)}" if rest else head
