"""Start the window: ``python -m kipp_desktop``."""

import sys

from kipp_desktop.exchange.spreadsheet_child import CHILD_ARGUMENT
from kipp_desktop.exchange.spreadsheet_child import main as read_spreadsheet

if __name__ == "__main__":
    # A frozen program has no interpreter beside it: it starts itself to read a spreadsheet.
    if sys.argv[1:2] == [CHILD_ARGUMENT]:
        raise SystemExit(read_spreadsheet(sys.argv[2:]))
    from kipp_desktop.gui.app import main

    raise SystemExit(main())
