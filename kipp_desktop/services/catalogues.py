"""The rubrics, checklists and sets of rules that come with the program, or lie beside a file."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from kipp_desktop.assets import asset
from kipp_desktop.domain.competition import slug
from kipp_desktop.domain.rubric import Rubric, read_rubric
from kipp_desktop.domain.selection import Checklist, read_checklist
from kipp_desktop.errors import KippError
from kipp_desktop.files import cannot_read
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path


def rubric_catalogue() -> dict[str, Path]:
    """Return the rubrics that come with the program, by id."""
    folder = asset("resources", "rubrics")
    return {path.name.removesuffix(".toml"): path for path in sorted(folder.glob("*.toml"))}


def load_rubric(name: str, beside: Path | None = None) -> Rubric:
    """Return a rubric of the catalogue, or of a file (relative to ``beside``)."""
    catalogue = rubric_catalogue()
    path = catalogue.get(name)
    if path is None:
        path = (beside or asset("resources")) / name
        if not path.is_file():
            raise KippError(
                "no-rubric",
                Text("There is no rubric “{name}”.", name=name),
                Text("The catalogue has: {names}. Or name a file.", names=", ".join(catalogue)),
            )
    return read_rubric(load_toml(path))


def checklist_catalogue() -> dict[str, Path]:
    """Return the checklists that come with the program, by id."""
    folder = asset("resources", "checklists")
    return {path.name.removesuffix(".toml"): path for path in sorted(folder.glob("*.toml"))}


def load_checklist(name: str, beside: Path | None = None) -> Checklist:
    """Return a checklist of the catalogue, or of a file (relative to ``beside``)."""
    catalogue = checklist_catalogue()
    path = catalogue.get(name)
    if path is None:
        path = (beside or asset("resources")) / name
        if not path.is_file():
            raise KippError(
                "no-checklist",
                Text("There is no checklist “{name}”.", name=name),
                Text("The catalogue has: {names}. Or name a file.", names=", ".join(catalogue)),
            )
    return read_checklist(load_toml(path))


def load_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; :class:`KippError` ``cannot-read`` or ``bad-toml``."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise cannot_read(path, error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KippError(
            "bad-toml",
            Text("The file {file} is not valid TOML: {reason}.", file=path.name, reason=str(error)),
            Text("Correct that place and try again; nothing was stored."),
        ) from error


def preset_table(name: str) -> dict[str, Any]:
    """Return the tables of a preset such as ``kota``."""
    path = asset("resources", "presets") / f"{slug(name)}.toml"
    if not path.is_file():
        known = sorted(item.stem for item in asset("resources", "presets").glob("*.toml"))
        raise KippError(
            "no-preset",
            Text("There is no preset “{name}”.", name=name),
            Text("The presets are: {names}.", names=", ".join(known)),
        )
    return load_toml(path)
