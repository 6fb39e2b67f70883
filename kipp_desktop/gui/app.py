"""The window's command: ``kipp-desktop [--home DIR] [--lang id|en] [--check] [FILE …]``.

Qt is imported only after the arguments are understood, with the garbage collector at rest: at a
start nearly everything stays, and looking for the rest costs a tenth of the time.
"""

from __future__ import annotations

import argparse
import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.paths import home_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.gui.pages.base import PageInfo


def main(argv: Sequence[str] | None = None, pages: Sequence[PageInfo] | None = None) -> int:
    """Run the window until it is closed; return the exit status.

    ``pages`` replaces the pages of the registry.
    """
    wanted = _parser().parse_args(argv)
    if wanted.check:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from kipp_desktop.gui.self_check import check_assets

        return check_assets()
    gc.disable()
    from kipp_desktop.gui.start import run

    return run(home_folder(wanted.home, os.environ), wanted.lang, pages, wanted.files)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kipp-desktop")
    parser.add_argument("--home", type=Path, metavar="DIR")
    parser.add_argument("--lang", choices=("id", "en"))
    parser.add_argument("--check", action="store_true", help="load every form and icon, then end")
    parser.add_argument(
        "files", type=Path, nargs="*", metavar="FILE", help="a .kipp file or signed minutes to open"
    )
    return parser
