"""Admitting keys at the desk: by six words, this key is that person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.words import misspelt, same_words, words_of
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.domain.fold import Key
    from kipp_desktop.services.home import Home


from kipp_desktop.services.desk import desk_identity


@dataclass(frozen=True)
class Admitted:
    """What an admission did. ``void_until`` is the live key that has to be revoked first."""

    name: str
    void_until: str | None = None
    changes: Changes = field(default_factory=Changes)


def admit(home: Home, panel: Panel, key: str, typed_words: str | None) -> Admitted:
    """Admit a waiting key: this key is that person.

    ``typed_words`` are the six words that the person read aloud; ``None`` admits without
    comparing, which the record says. A person's second key is admitted too, but void until the
    live one is revoked. Raises :class:`KippError` with code ``unknown-key``, ``unknown-person``,
    ``revoked-key`` or ``wrong-words``.
    """
    row = panel.projection.ledger(key)
    if row is None or row.desk:
        raise KippError(
            "unknown-key",
            Text("This key has not arrived at the desk."),
            Text("Open the file from that person's laptop first."),
        )
    known = panel.state.keys.get(key)
    if known is not None and known.revoked:
        raise KippError(
            "revoked-key",
            Text("This key of {name} was revoked; that is for good.", name=_name(panel, known)),
            Text("Let that laptop join again: it makes a new key, which can be admitted."),
        )
    if row.person not in panel.setup.person_by_id:
        raise KippError(
            "unknown-person",
            Text("The key is of a person who is not in the plan."),
            Text("Add the person, publish the plan again, then let that laptop join again."),
        )
    name = panel.setup.name_of(row.person)
    live = panel.state.live_key(row.person)
    void_until = live.key if live is not None and live.key != key else None
    if known is not None or any(item.key == key for item in panel.state.waiting):
        return Admitted(name, void_until)
    if typed_words is not None and not same_words(typed_words, key):
        raise wrong_words(typed_words, name)
    body: dict[str, Json] = {
        "compared": "none" if typed_words is None else "words",
        "key": key,
        "person": row.person,
    }
    panel.sign(desk_identity(home, panel), home.context.at(), [("admission", body)])
    return Admitted(
        name, void_until, Changes.of("people", "ledgers", "decisions", persons=[row.person])
    )


def void_text(admitted: Admitted) -> Text:
    """Return what the admission of a second key means."""
    return Text(
        "{name} has a key that speaks already; the second laptop is noted, and counts only once "
        "the first one is revoked.",
        name=admitted.name,
    )


def _name(panel: Panel, key: Key) -> str:
    return panel.setup.name_of(key.person)


def wrong_words(typed: str, name: str | Text) -> KippError:
    """Return the error for words that do not belong to a key."""
    unknown = [word for word, _ in misspelt(typed)]
    if unknown:
        return KippError(
            "wrong-words",
            Text("“{word}” is not one of the words that can occur.", word=unknown[0]),
            Text("Look at the words on the screen of {name} again.", name=name),
        )
    return KippError(
        "wrong-words",
        Text("The six words are not those of the key of {name}.", name=name),
        Text("Compare again. If they still differ, the file is not from that laptop."),
    )


def own_words(panel: Panel) -> str:
    """Return the desk's six words."""
    return words_of(panel.desk)
