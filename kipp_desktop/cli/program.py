"""The program ``kipp``: options, commands, exit codes."""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

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
from kipp_desktop.cli.session import Session
from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that ``--json`` holds for wrong usage too.

    Options are never abbreviated: a script that says ``--js`` would break with the next option.
    """

    def __init__(self, **named: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **named})

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            "usage",
            Text("The command was not understood: {reason}.", reason=message),
            Text("“{command} --help” shows how it is called.", command=self.prog),
        )


def build_parser(catalogue: Catalogue | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands, with help in the catalogue's language."""
    say = (catalogue or Catalogue.load("id")).say
    parser = _Parser(
        prog="kipp",
        description=say(Text("Judging a public-service innovation competition, offline.")),
        parents=[_globals(say, default=None)],
    )
    parser.add_argument("--version", action="version", version=f"kipp {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar=say(Text("COMMAND")), parser_class=_Parser
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


def _globals(say: object, default: object) -> argparse.ArgumentParser:
    """Return the options that may stand before or after the command."""
    assert callable(say)
    options = _Parser(add_help=False)
    add = options.add_argument
    add("--home", type=Path, default=default, metavar="DIR", help=say(Text("home folder")))
    add("--competition", default=default, metavar="NAME", help=say(Text("competition: name or id")))
    add("--lang", choices=LANGUAGES, default=default, help=say(Text("language")))
    add(
        "--json",
        action="store_true",
        default=default or False,
        help=say(Text("print one JSON object")),
    )
    add("--person", default=default, metavar="NAME", help=say(Text("who acts on this laptop")))
    add(
        "--passphrase-file",
        type=Path,
        default=default,
        metavar="FILE",
        help=say(Text("file with the passphrase")),
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
