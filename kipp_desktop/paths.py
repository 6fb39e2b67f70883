"""Where this laptop keeps competitions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def home_folder(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the folder of everything that the program remembers, as an absolute path.

    ``explicit`` (``--home``) comes before ``KIPP_HOME`` in ``environ``, and that before the user
    data folder of the operating system. The folder need not exist.
    """
    if explicit is not None:
        return explicit.expanduser().absolute()
    if named := environ.get("KIPP_HOME"):
        return Path(named).expanduser().absolute()
    # 28 ms that a script with --home does not pay.
    from platformdirs import user_data_path

    return user_data_path("kipp-desktop", appauthor=False)
