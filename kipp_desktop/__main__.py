"""Start the window: ``python -m kipp_desktop``."""

import sys

from kipp_desktop.exchange import photo_child, spreadsheet_child

#: A frozen program has no interpreter beside it: it starts itself to read foreign files.
CHILDREN = {child.CHILD_ARGUMENT: child.main for child in (photo_child, spreadsheet_child)}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in CHILDREN:
        raise SystemExit(CHILDREN[sys.argv[1]](sys.argv[2:]))
    from kipp_desktop.gui.app import main

    raise SystemExit(main())
