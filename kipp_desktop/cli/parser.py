"""A parser that speaks the user's language: its help, and what it says of wrong usage.

:mod:`argparse` asks :mod:`gettext` for its own words, which goes by the language of the
environment and not by ours. So titles, help and the usage line are given through its public
methods, and what it complains of, which it hands to ``error`` as finished English, is recognised
(Python 3.11 to 3.14) and said again.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NoReturn

from kipp_desktop.errors import UsageError
from kipp_desktop.texts import Text

Say = Callable[[Text], str]

_TITLES = {"positional arguments": Text("arguments"), "options": Text("options")}

_ARGUMENT = re.compile(r"argument (?P<argument>.+?): (?P<complaint>.*)", re.DOTALL)

_REPR = r"""(?P<value>'.*'|".*")"""

_COMPLAINTS = (
    (r"the following arguments are required: (?P<names>.*)", Text("{names} is missing")),
    (r"one of the arguments (?P<names>.*) is required", Text("one of these is needed: {names}")),
    (r"unrecognized arguments: (?P<names>.*)", Text("nothing here is called {names}")),
    (
        r"ambiguous option: (?P<option>.*) could match (?P<matches>.*)",
        Text("{option} could mean {matches}"),
    ),
)

_COMPLAINTS_OF_AN_ARGUMENT = (
    (
        # From 3.12 on the choices stand without quotes, from 3.14 on with a guess before them.
        rf"invalid choice: {_REPR}(?:, maybe you meant .*\?)? \(choose from (?P<choices>.*)\)",
        Text("{argument}: “{value}” is none of {choices}"),
    ),
    (rf"invalid int value: {_REPR}", Text("{argument}: “{value}” is not a whole number")),
    (r"expected one argument", Text("{argument} needs a value")),
    (r"expected at most one argument", Text("{argument} takes at most one value")),
    (r"expected at least one argument", Text("{argument} needs one value or more")),
    (r"expected (?P<count>\d+) arguments?", Text("{argument} needs {count} values")),
    (r"not allowed with argument (?P<other>.*)", Text("{argument} does not go with {other}")),
    (rf"ignored explicit argument {_REPR}", Text("{argument} takes no value such as “{value}”")),
)


class Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that ``--json`` holds for wrong usage too.

    Options are never abbreviated: a script that says ``--js`` would break with the next option.
    """

    def __init__(self, *, say: Say, add_help: bool = True, **named: Any) -> None:
        self._say = say
        formatter = partial(_Formatter, usage=say(Text("usage: ")))
        super().__init__(
            **{"allow_abbrev": False, "formatter_class": formatter, **named}, add_help=False
        )
        if add_help:
            self.add_argument(
                "-h", "--help", action="help", help=say(Text("show this help and do nothing else"))
            )

    def add_argument_group(
        self, title: str | None = None, description: str | None = None, **named: Any
    ) -> Any:
        """Add a group; the two that argparse makes get their titles here."""
        if title in _TITLES:
            title = self._say(_TITLES[title])
        return super().add_argument_group(title, description, **named)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse complains of as :class:`UsageError`."""
        raise UsageError(
            "usage",
            Text("The command was not understood: {reason}.", reason=complaint(message)),
            Text("“{command} --help” shows how it is called.", command=self.prog),
        )


class _Formatter(argparse.HelpFormatter):
    """Writes the usage line without the options that every command has: they have their group."""

    def __init__(self, *, usage: str, **named: Any) -> None:
        super().__init__(**named)
        self.usage_prefix = usage

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add the usage line; the empty ``prefix`` is that of a sub-command's name."""
        own = [action for action in actions if action.default is not argparse.SUPPRESS]
        super().add_usage(usage, own, groups, self.usage_prefix if prefix is None else prefix)


def complaint(message: str) -> Text | str:
    """Return what argparse says in English as a text; what is unknown here, as it is."""
    found = _ARGUMENT.fullmatch(message)
    values: dict[str, str] = {}
    known: Iterable[tuple[str, Text]] = _COMPLAINTS
    if found is not None:
        values, message, known = (
            {"argument": found["argument"]},
            found["complaint"],
            (_COMPLAINTS_OF_AN_ARGUMENT),
        )
    for pattern, text in known:
        said = re.fullmatch(pattern, message, re.DOTALL)
        if said is not None:
            values |= said.groupdict()
            if "value" in values:
                values["value"] = str(ast.literal_eval(values["value"]))
            if "choices" in values:
                values["choices"] = values["choices"].replace("'", "")
            return Text(text.source, **values)
    return message if found is None else found[0]
