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
    from collections.abc import Mapping
    from pathlib import Path


def rubric_catalogue() -> dict[str, Path]:
    """Return the rubrics that come with the program, by id."""
    return _catalogue("rubrics")


def load_rubric(name: str, beside: Path | None = None) -> Rubric:
    """Return a rubric of the catalogue, or of a file (relative to ``beside``)."""
    none = Text("There is no rubric “{name}”.", name=name)
    return read_rubric(_load(rubric_catalogue(), name, beside, "no-rubric", none))


def checklist_catalogue() -> dict[str, Path]:
    """Return the checklists that come with the program, by id."""
    return _catalogue("checklists")


def load_checklist(name: str, beside: Path | None = None) -> Checklist:
    """Return a checklist of the catalogue, or of a file (relative to ``beside``)."""
    none = Text("There is no checklist “{name}”.", name=name)
    return read_checklist(_load(checklist_catalogue(), name, beside, "no-checklist", none))


def _catalogue(kind: str) -> dict[str, Path]:
    folder = asset("resources", kind)
    return {path.name.removesuffix(".toml"): path for path in sorted(folder.glob("*.toml"))}


def _load(
    catalogue: Mapping[str, Path], name: str, beside: Path | None, code: str, none: Text
) -> dict[str, Any]:
    path = catalogue.get(name) or (beside or asset("resources")) / name
    if name not in catalogue and not path.is_file():
        raise KippError(
            code,
            none,
            Text("The catalogue has: {names}. Or name a file.", names=", ".join(catalogue)),
        )
    return load_toml(path)


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
