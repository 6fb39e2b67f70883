"""Run every bench of this folder and print one table: ``python3 dev.py bench``.

A bench is a module ``bench_*.py`` with ``def run() -> Iterable[Row]``.
"""

import importlib
import sys
from pathlib import Path


def main() -> int:
    """Print each row as soon as it is measured; return 1 when a limit is broken."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    print(f"{'task':<56}{'floor':>10}{'measured':>10}    {'ratio':>7}{'limit':>7}")
    broken = 0
    for module in modules:
        for row in importlib.import_module(f"tests.bench.{module}").run():
            numbers = f"{row.floor:>10.3f}{row.measured:>10.3f} {row.unit:<2} "
            verdict = "ok" if row.ok else "BROKEN"
            print(
                f"{row.name:<56}{numbers}{row.ratio:>7.2f}{row.limit:>7.2f}  {verdict}", flush=True
            )
            broken += not row.ok
    print(f"{broken} limits broken." if broken else "All limits hold.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
