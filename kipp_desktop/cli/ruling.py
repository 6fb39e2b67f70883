"""rules, template: how the competition is decided, and next year's set-up."""

from __future__ import annotations

import argparse
import tomllib
from typing import TYPE_CHECKING, Any

from kipp_desktop.cli.arguments import add_command, add_family, add_out, add_stage_option
from kipp_desktop.services import templates
from kipp_desktop.services.explaining import explain_rules
from kipp_desktop.services.rules import rules_view, set_rule, use_preset
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.cli.parser import Parser, Say
    from kipp_desktop.cli.session import Session


def add_commands(commands: Any, shared: Parser, say: Say) -> None:
    """Add this family's commands."""
    template = add_command(
        commands, "template", say, Text("write this set-up for next year"), shared=shared
    )
    add_out(template, say, Text("the competition file to write (.toml)"))
    template.set_defaults(run=run_template)

    actions = add_family(
        commands,
        "rules",
        say,
        Text("the rules of the next plan"),
        example="kipp rules set min_judges 2 --stage presentasi",
    )
    shown = add_command(
        actions, "show", say, Text("show every rule, and what it does"), shared=shared
    )
    shown.set_defaults(run=run_rules)
    change = add_command(actions, "set", say, Text("change one rule"), shared=shared)
    change.add_argument(
        "key", metavar=say(Text("RULE")), help=say(Text("name of the rule, as “show” writes it"))
    )
    change.add_argument(
        "value",
        metavar=say(Text("VALUE")),
        help=say(Text("its new value, written as in a competition file")),
    )
    add_stage_option(change, say, Text("the stage whose rule it is; otherwise that of the whole"))
    change.set_defaults(run=run_rules_set)
    preset = add_command(
        actions,
        "preset",
        say,
        Text("replace stages, ties, rounding and awards by a preset's"),
        shared=shared,
    )
    preset.add_argument(
        "name", metavar=say(Text("NAME")), help=say(Text("the preset: kota, provinsi or nasional"))
    )
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
