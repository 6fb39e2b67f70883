"""The program ``kipp``: options, commands, exit codes."""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop import __version__
from kipp_desktop.catalogue import LANGUAGES, Catalogue
from kipp_desktop.cli import (
    arranging,
    deciding,
    decisions,
    judging,
    keys,
    merging,
    observing,
    outsiders,
    paper_desk,
    rubrics,
    ruling,
    selecting,
    setting_up,
)
from kipp_desktop.cli.parser import Parser
from kipp_desktop.cli.session import Session
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.cli.parser import Say


def build_parser(catalogue: Catalogue | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands, with help in the catalogue's language."""
    say = (catalogue or Catalogue.load("id")).say
    parser = Parser(
        say=say,
        prog="kipp",
        description=say(Text("Judging a public-service innovation competition, offline.")),
        epilog=say(
            Text(
                "“kipp COMMAND --help” explains a command. Exit status: 0 done, 1 refused, 2 wrong "
                "usage, 3 verification failed."
            )
        ),
        parents=[_globals(say, default=None)],
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"kipp {__version__}",
        help=say(Text("show the version of the program and do nothing else")),
    )
    commands = parser.add_subparsers(
        dest="command",
        required=True,
        title=say(Text("commands")),
        metavar=say(Text("COMMAND")),
        help=say(Text("what is to be done; “--help” after it tells more")),
    )
    shared = _globals(say, default=argparse.SUPPRESS)
    for family in (
        setting_up,
        ruling,
        rubrics,
        arranging,
        selecting,
        judging,
        paper_desk,
        observing,
        merging,
        keys,
        deciding,
        decisions,
        outsiders,
    ):
        family.add_commands(commands, shared, say)
    return parser


def _globals(say: Say, default: object) -> Parser:
    """Return the options that may stand before or after the command.

    After it their default is ``SUPPRESS``, so that what stood before it holds.
    """
    options = Parser(say=say, add_help=False)
    add = options.add_argument_group(say(Text("options of every command"))).add_argument
    add(
        "--home",
        type=Path,
        default=default,
        metavar=say(Text("DIR")),
        help=say(Text("home folder; otherwise that of KIPP_HOME or of this user")),
    )
    add(
        "--competition",
        default=default,
        metavar=say(Text("NAME|ID")),
        help=say(Text("name or id of the competition; otherwise the one used last")),
    )
    add(
        "--lang",
        choices=LANGUAGES,
        default=default,
        help=say(Text("language: id (Indonesian) or en (English); otherwise KIPP_LANG, or id")),
    )
    add(
        "--json",
        action="store_true",
        default=default or False,
        help=say(Text("print one JSON object, for scripts")),
    )
    add(
        "--person",
        default=default,
        metavar=say(Text("NAME")),
        help=say(Text("who acts, where several people use this laptop")),
    )
    add(
        "--passphrase-file",
        type=Path,
        default=default,
        metavar=say(Text("FILE")),
        help=say(Text("file whose first line is the passphrase; otherwise KIPP_PASSPHRASE")),
    )
    add(
        "--no-passphrase",
        action="store_true",
        default=default or False,
        help=say(Text("a new key gets no passphrase")),
    )
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 done, 1 refused, 2 wrong usage, 3 verification failed."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if argv is None:
        _speak_utf8()
    language = _early(arguments, "--lang") or os.environ.get("KIPP_LANG") or "id"
    catalogue = Catalogue.load("en" if language == "en" else "id")
    as_json = "--json" in arguments
    session = Session(catalogue, as_json=as_json)
    try:
        options = build_parser(catalogue).parse_args(arguments)
        session.options = options
        status: int = options.run(session, options)
    except KippError as error:
        session.failed(error)
        return error.exit_status
    except KeyboardInterrupt:
        session.failed(KippError("cancelled", Text("Cancelled; nothing was changed.")))
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception:  # noqa: BLE001 - a script that reads --json must always get its object
        traceback.print_exc()
        session.failed(
            KippError(
                "fault",
                Text("The program made a mistake; what was saved and signed is safe."),
                Text("Send the lines above to whoever maintains the program."),
            )
        )
        return 1
    return status


def _speak_utf8() -> None:
    """Print UTF-8 wherever the output goes; a file's name may be no text at all."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _early(arguments: Sequence[str], option: str) -> str | None:
    """Return an option's value before everything is parsed: errors need the language too."""
    for position, word in enumerate(arguments):
        if word == option and position + 1 < len(arguments):
            return arguments[position + 1]
        if word.startswith(option + "="):
            return word.partition("=")[2]
    return None
