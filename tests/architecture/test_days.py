"""No room decides for itself which day a moment belongs to."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAY = {
    "consent/days.py": "it is the place",
    "pipeline/cli.py": "a day as it was typed",
    "pipeline/people.py": "a day as it was typed",
    "review_app/dates.py": "what stands on the reader's wall",
    "review_app/views/roster.py": "a day as it was typed",
}


def test_days_are_taken_from_moments_in_one_place() -> None:
    taken = {
        path.relative_to(ROOT).as_posix()
        for room in ("consent", "storage", "pipeline", "review_app")
        for path in (ROOT / room).rglob("*.py")
        if any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "date"
            and not node.args
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert taken == set(MAY)
