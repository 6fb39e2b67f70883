"""rules, template: how the competition is decided, and next year's set-up."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.services import templates
from kipp_desktop.services.explaining import explain_rules
from kipp_desktop.services.rules import rules_view, set_rule, use_preset
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.cli.session import Session


def add_commands(
    commands: Any,
    shared: argparse.ArgumentParser,
    say: Callable[[Text], str],
) -> None:
    """Add this family's commands."""
    template = commands.add_parser(
        "template", parents=[shared], help=say(Text("write this set-up for next year"))
    )
    template.add_argument("--out", type=Path, required=True, metavar="FILE")
    template.set_defaults(run=run_template)

    rules = commands.add_parser("rules", help=say(Text("the rules of the next plan")))
    actions = rules.add_subparsers(dest="action", required=True)
    actions.add_parser("show", parents=[shared]).set_defaults(run=run_rules)
    change = actions.add_parser("set", parents=[shared])
    change.add_argument("key")
    change.add_argument("value", help=say(Text("written as in a competition file")))
    change.add_argument("--stage")
    change.set_defaults(run=run_rules_set)
    preset = actions.add_parser("preset", parents=[shared])
    preset.add_argument("name")
    preset.set_defaults(run=run_rules_preset)


def run_template(session: Session, options: argparse.Namespace) -> int:
    """Write this set-up for next year."""
    with session.open() as panel:
        written = templates.write_template(panel, options.out)
    session.tell(Text("Written: {file}", file=[str(path) for path in written]))
    session.answer({"files": [str(path) for path in written]})
    return 0


def run_rules(session: Session, _options: argparse.Namespace) -> int:
    """Show every rule of the next plan, with what it does."""
    with session.open() as panel:
        found = explain_rules(rules_view(panel).rules)
    for item in found:
        session.line(f"{item.stage or '–'} · {item.setting}: {item.value or '–'}")
        session.line(f"  {session.say(item.sentence)} {session.say(item.effect)}")
    session.answer(
        {
            "rules": [
                {
                    "stage": item.stage or None,
                    "setting": item.setting,
                    "value": item.value,
                    "sentence": session.say(item.sentence),
                    "effect": session.say(item.effect),
                }
                for item in found
            ]
        }
    )
    return 0


def run_rules_preset(session: Session, options: argparse.Namespace) -> int:
    """Replace stages, ties, rounding and awards by those of a preset."""
    with session.open() as panel:
        use_preset(session.home, panel, options.name)
    return run_rules(session, options)


def run_rules_set(session: Session, options: argparse.Namespace) -> int:
    """Change one rule, of a stage or of the whole."""
    with session.open() as panel:
        set_rule(session.home, panel, options.stage, options.key, _value(options.value))
    return run_rules(session, options)


def _value(text: str) -> Any:
    """Return a value as a competition file writes it; a bare word is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
