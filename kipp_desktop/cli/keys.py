"""keys, passphrase: whose keys are here, and what seals one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import add_command
from kipp_desktop.services import keyring
from kipp_desktop.services.passphrases import change_passphrase
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    import argparse

    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    keys = add_command(
        commands, "keys", say, Text("whose keys are here, and what became of them"), shared=shared
    )
    keys.set_defaults(run=run_keys)

    passphrase = add_command(
        commands, "passphrase", say, Text("set, change or remove the passphrase"), shared=shared
    )
    which = passphrase.add_mutually_exclusive_group()
    which.add_argument(
        "--new-passphrase-file",
        type=Path,
        metavar=say(Text("FILE")),
        help=say(Text("file whose first line is the new passphrase; otherwise it is asked for")),
    )
    which.add_argument("--remove", action="store_true", help=say(Text("no passphrase from now on")))
    passphrase.set_defaults(run=run_passphrase)


def run_keys(session: Session, _options: argparse.Namespace) -> int:
    """List whose keys are here and what became of them."""
    with session.open() as panel:
        view = keyring.keys_view(panel)
    for line in view.lines:
        session.line(
            f"{line.short:12}  {session.say(keyring.STATE_TEXTS[line.state]):24}  "
            f"{line.name}  {line.words}"
        )
    session.answer(
        {
            "keys": [
                {
                    "person": line.name,
                    "key": line.key or None,
                    "state": line.state,
                    "words": line.words or None,
                    "compared": line.compared,
                    "passphrase": line.protected,
                    "records": line.records,
                }
                for line in view.lines
            ]
        }
    )
    return 0


def run_passphrase(session: Session, options: argparse.Namespace) -> int:
    """Seal the key that acts here under another passphrase, or under none."""
    home = session.home
    competition = home.choose(options.competition).id
    desk = [card for card in home.identities(competition) if card.role == "desk"]
    role = "desk" if desk and options.person is None else "member"
    card = home.card(competition, role, options.person)
    new = None if options.remove else session.replacement(options.new_passphrase_file)
    done = change_passphrase(home, card, new)
    session.tell(
        Text("The key of {name} has no passphrase now.", name=card.name)
        if new is None
        else Text("The key of {name} has its new passphrase.", name=card.name)
    )
    session.answer({"person": card.name, "keys": len(done.cards), "protected": new is not None})
    return 0
