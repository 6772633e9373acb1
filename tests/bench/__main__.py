"""The command: ``python -m tests.bench [ROW] [--readme]``."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from tests.bench import (
    long_desk,
    many_rooms,
    memory,
    playing,
    recognition,
    serving,
    soak,
    stages,
    together,
    understanding,
    uploading,
    vault,
)
from tests.bench.report import (
    MarkersMissing,
    Result,
    markdown_of,
    merged,
    read,
    table_of,
    with_table,
    write,
)
from tests.bench.rows import ROWS, RowUnknown

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "bench.json"
GROUPS = (
    stages,
    memory,
    vault,
    serving,
    playing,
    together,
    many_rooms,
    soak,
    long_desk,
    uploading,
    recognition,
    understanding,
)
"""The modules whose import fills the list of rows."""


def main() -> int:
    """Measure the chosen rows, or put what was measured into the README."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("row", nargs="?", help="a row's name, the beginning of names, or a pattern")
    parser.add_argument("--readme", action="store_true", help="put bench.json into README.md")
    arguments = parser.parse_args()
    console = Console()
    if arguments.readme:
        return _into_readme(console)
    try:
        chosen = ROWS.chosen(arguments.row)
    except RowUnknown:
        console.print("No such row. There are:", ", ".join(row.name for row in ROWS))
        return 2
    results = []
    for row in chosen:
        with console.status(row.name):
            results.append(Result.of(row, row.measure()))
        # After each, for an hour of rows may be interrupted.
        write(KEPT, merged(read(KEPT), results, order=[row.name for row in ROWS]))
    console.print(table_of(results))
    return 0


def _into_readme(console: Console) -> int:
    results = merged(read(KEPT), (), order=[row.name for row in ROWS])
    if not results:
        console.print("Nothing has been measured yet: make bench")
        return 2
    readme = ROOT / "README.md"
    try:
        readme.write_text(with_table(readme.read_text(encoding="utf-8"), results), encoding="utf-8")
    except (FileNotFoundError, MarkersMissing):
        console.print(markdown_of(results), markup=False, soft_wrap=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
