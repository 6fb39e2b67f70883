r"""The one byte form of every value that is signed or hashed.

Canonical JSON, UTF-8: keys sorted, no spaces, NFC, no lone surrogates, no duplicate keys, integers
below 2^53 in size, no floats; decimals travel as strings of :data:`DECIMAL`. The reader refuses
every line that the writer would not have written byte for byte, so that one value has one hash.

Only ``"`` and ``\`` are escaped by a backslash, and the control characters below U+0020, as
``\b \f \n \r \t`` or ``\u00xx`` in lower case (RFC 8259, section 7, the shortest form).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

#: A JSON value without floats.
Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

MAX_LINE = 1 << 20
MAX_NESTING = 16
MAX_INTEGER = (1 << 53) - 1

DECIMAL = re.compile(r"(?:0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9])\Z", re.ASCII)
KEY = re.compile(r"[a-z0-9_-]+\Z", re.ASCII)
ID = re.compile(r"[a-z0-9-]+\Z", re.ASCII)
HASH = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)

_known_keys: set[str] = set()
_KNOWN_KEYS_LIMIT = 4096


class NotCanonical(ValueError):  # noqa: N818 - it says what the bytes are
    """The value has no canonical form, or the bytes are not one. The reason is for the log."""


def encode(value: Json) -> bytes:
    """Return the canonical bytes of ``value``.

    Raises :class:`NotCanonical` for floats, large integers, bad keys, text that is not NFC,
    too deep nesting or too many bytes.
    """
    _check(value)
    encoded = _dump(value)
    if len(encoded) > MAX_LINE:
        msg = "longer than 1 MiB"
        raise NotCanonical(msg)
    if not encoded.isascii() and not unicodedata.is_normalized("NFC", encoded.decode()):
        msg = "text is not in form NFC"
        raise NotCanonical(msg)
    return encoded


def decode(line: bytes, depth: int = 1) -> Json:
    """Return the value of which ``line`` is the canonical form, ``depth`` levels inside another.

    Raises :class:`NotCanonical` for any other bytes.
    """
    if len(line) > MAX_LINE:
        msg = "longer than 1 MiB"
        raise NotCanonical(msg)
    try:
        text = line.decode("utf-8")
        value, end = _scan(text, 0)
    except StopIteration as error:
        msg = "no JSON value"
        raise NotCanonical(msg) from error
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    # The scanner has checked keys and numbers already. Depth, escapes and white space between
    # tokens are looked at closely only where the text could hold any.
    if text.count("{") + text.count("[") > MAX_NESTING - depth + 1:
        _check(value, depth)
    if end != len(text) or (_may_differ(text) and _encode(value) != text):
        msg = "not written in the canonical form"
        raise NotCanonical(msg)
    if not line.isascii() and not unicodedata.is_normalized("NFC", text):
        msg = "text is not in form NFC"
        raise NotCanonical(msg)
    return value


def digest(data: bytes) -> str:
    """Return the SHA-256 of ``data``, lower-case hex: the id of a record, the name of a blob."""
    return hashlib.sha256(data).hexdigest()


def normalise(text: str) -> str:
    """Return ``text`` as it may be signed: NFC, without lone surrogates, white space trimmed."""
    if text.isascii():
        return text.strip()
    clean = text.encode("utf-8", "replace").decode("utf-8")
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", clean).strip():
        # An accent behind a line break would join the letter of its escape, "\\n".
        if not (kept and kept[-1] < " " and unicodedata.combining(char)):
            kept.append(char)
    return "".join(kept).strip()


def parse_decimal(text: str) -> Fraction:
    """Return the exact value of a canonical decimal string such as ``"7.25"``.

    Raises ``KippError`` with code ``bad-decimal`` for ``"07"``, ``"7.0"``, ``"1e1"`` and for
    digits of other scripts.
    """
    if len(text) > 40 or not DECIMAL.match(text):
        raise KippError(
            "bad-decimal",
            Text("“{value}” is not a plain decimal number.", value=str(text)[:40]),
            Text("Write it with digits and at most one point, such as 7 or 7.5."),
        )
    return Fraction(text)


def format_decimal(value: Fraction | int) -> str:
    """Return the canonical decimal string of a value that has one.

    Raises ``ValueError`` when the decimal expansion does not end.
    """
    value = Fraction(value)
    digits = 0
    denominator = value.denominator
    while (10**digits) % denominator:
        digits += 1
        if digits > denominator.bit_length():
            msg = f"{value} has no finite decimal expansion"
            raise ValueError(msg)
    scaled = abs(value.numerator) * 10**digits // denominator
    whole, part = divmod(scaled, 10**digits)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def _dump(value: Json) -> bytes:
    try:
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        msg = "a lone surrogate"
        raise NotCanonical(msg) from error


_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def _may_differ(text: str) -> bool:
    """Return whether a text without escapes has white space outside its strings."""
    if "\\" in text:
        return True
    return any(char in text for char in _SPACES) and any(
        char in "".join(text.split('"')[::2]) for char in _SPACES
    )


_SPACES = " \t\n\r"


def _no_float(text: str) -> NoReturn:
    msg = f"a number that is not an integer: {text[:20]}"
    raise NotCanonical(msg)


def _integer(text: str) -> int:
    value = int(text) if len(text) <= 17 else MAX_INTEGER + 1
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        msg = "an integer beyond 2^53"
        raise NotCanonical(msg)
    if text == "-0":
        msg = "a zero with a sign"
        raise NotCanonical(msg)
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return an object; its keys must be allowed, in order, and each there once."""
    found = dict(pairs)
    if len(found) != len(pairs) or sorted(found) != list(found):
        msg = "keys that are not in order, or there twice"
        raise NotCanonical(msg)
    if not _known_keys.issuperset(found):
        for key in found:
            _check_key(key)
    return found


#: One decoder for all lines: ``json.loads`` would make a new one for each.
_scan: Callable[[str, int], tuple[Json, int]] = json.JSONDecoder(  # type: ignore[attr-defined]
    parse_float=_no_float,
    parse_int=_integer,
    parse_constant=_no_float,
    object_pairs_hook=_object,
).scan_once


def _check(value: Json, depth: int = 1) -> None:
    """Check what the JSON encoder would let pass: keys, depth, number types."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:  # type: ignore[operator]
            msg = "an integer beyond 2^53"
            raise NotCanonical(msg)
        return
    if depth > MAX_NESTING:
        msg = "nested deeper than 16"
        raise NotCanonical(msg)
    if kind is dict:
        for key, child in value.items():  # type: ignore[union-attr]
            if key not in _known_keys:
                _check_key(key)
            if type(child) is not str and child is not None:
                _check(child, depth + 1)
    elif kind is list:
        for child in value:  # type: ignore[union-attr]
            if type(child) is not str:
                _check(child, depth + 1)
    else:
        msg = f"a value of type {kind.__name__}"
        raise NotCanonical(msg)


def _check_key(key: object) -> None:
    if not isinstance(key, str) or not KEY.match(key):
        msg = f"a key that is not allowed: {str(key)[:40]!r}"
        raise NotCanonical(msg)
    if len(_known_keys) < _KNOWN_KEYS_LIMIT:
        _known_keys.add(key)
