"""Commands with their help, and the arguments that many of them share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say

#: The stage that is taken where none is named.
OPEN_STAGE = Text("id of the stage, such as presentasi; by default the only one that is open")

FOR_A_JUDGE = Text("name of the judge for whom the secretariat does it")


def add_command(
    commands: Any,
    name: str,
    say: Say,
    text: Text,
    *,
    shared: Parser | None = None,
    more: Text | None = None,
    example: str = "",
) -> Parser:
    """Add a command: ``text`` stands in the list of commands, and above its own help.

    ``more`` takes its place in its own help; ``example`` is a whole command, and stands below.
    """
    about = say(more or text)
    parser: Parser = commands.add_parser(
        name,
        say=say,
        parents=[shared] if shared else [],
        help=say(text),
        description=about if more else f"{about[0].upper()}{about[1:]}.",
        epilog=say(Text("Example: {command}", command=example)) if example else None,
    )
    return parser


def add_family(
    commands: Any, name: str, say: Say, text: Text, *, more: Text | None = None, example: str = ""
) -> Any:
    """Add a command that has actions, and return what they are added to."""
    return add_command(commands, name, say, text, more=more, example=example).add_subparsers(
        dest="action",
        required=True,
        title=say(Text("actions")),
        metavar=say(Text("ACTION")),
        help=say(Text("what is to be done; “--help” after it tells more")),
    )


def add_file(parser: Any, say: Say, text: Text, **named: Any) -> None:
    """Add the file that a command reads."""
    parser.add_argument("file", type=Path, metavar=say(Text("FILE")), help=say(text), **named)


def add_out(parser: Any, say: Say, text: Text, *, required: bool = True) -> None:
    """Add the file that a command writes."""
    parser.add_argument(
        "--out", type=Path, required=required, metavar=say(Text("FILE")), help=say(text)
    )


def add_out_folder(parser: Any, say: Say, text: Text, *, required: bool = True) -> None:
    """Add the folder that a command writes to."""
    parser.add_argument(
        "--out", type=Path, required=required, metavar=say(Text("DIR")), help=say(text)
    )


def add_number(parser: Any, say: Say, name: str = "number", letter: str = "N") -> None:
    """Add the number of an entry."""
    parser.add_argument(
        name, metavar=letter, help=say(Text("number of the innovation, such as 07"))
    )


def add_numbers(parser: Any, say: Say, text: Text, nargs: str = "+") -> None:
    """Add the numbers of entries."""
    parser.add_argument("numbers", nargs=nargs, metavar="N", help=say(text))


def add_entry(parser: Any, say: Say) -> None:
    """Add the number of an entry as an option that must be given."""
    parser.add_argument(
        "--entry",
        required=True,
        metavar="N",
        help=say(Text("number of the innovation, such as 07")),
    )


def add_which(parser: Any, say: Say) -> None:
    """Add the choice between all entries and some."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help=say(Text("all innovations")))
    which.add_argument(
        "--entry",
        nargs="+",
        action="extend",
        metavar="N",
        help=say(Text("only the innovations with these numbers")),
    )


def add_stage(parser: Any, say: Say) -> None:
    """Add the stage that a command is about."""
    parser.add_argument(
        "stage", metavar=say(Text("STAGE")), help=say(Text("id of the stage, such as presentasi"))
    )


def add_stage_option(parser: Any, say: Say, text: Text = OPEN_STAGE, **named: Any) -> None:
    """Add the stage as an option."""
    parser.add_argument("--stage", metavar=say(Text("STAGE")), help=say(text), **named)


def add_group(parser: Any, say: Say, text: Text) -> None:
    """Add a group as an option."""
    parser.add_argument("--group", metavar=say(Text("GROUP")), help=say(text))


def add_judge(parser: Any, say: Say, text: Text = FOR_A_JUDGE, *, required: bool = False) -> None:
    """Add the judge for whom the secretariat acts."""
    parser.add_argument(
        "--as",
        dest="judge",
        required=required,
        metavar=say(Text("JUDGE")),
        help=say(text),
    )


def add_reason(parser: Any, say: Say, text: Text | None = None) -> None:
    """Add the reason: needed, or with ``text``, which says when, left to the user."""
    parser.add_argument(
        "--reason",
        required=text is None,
        **({} if text is None else {"default": ""}),
        metavar=say(Text("REASON")),
        help=say(text or Text("why; it is signed, and can be read with the results")),
    )


def add_dissent(parser: Any, say: Say) -> None:
    """Add the reason of somebody who does not agree."""
    parser.add_argument(
        "--dissent",
        metavar=say(Text("REASON")),
        help=say(Text("does not agree, for this reason")),
    )


def add_dry_run(parser: Any, say: Say, text: Text) -> None:
    """Add the option to change nothing."""
    parser.add_argument("--dry-run", action="store_true", help=say(text))
