"""Names that work only by luck: those of other packages, of Python itself, and of Streamlit."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("consent", "storage", "pipeline", "review_app")
LONGEST = 400
EMPTY_NAMES = {"utils", "helpers", "common", "manager", "core", "misc"}


def own_files(*endings: str) -> list[Path]:
    folders = [ROOT / name for name in (*PACKAGES, "tests")]
    return sorted(
        path.relative_to(ROOT)
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in endings
        and path.is_file()
        and "vendor" not in path.parts
        and not path.name.endswith(".min.js")
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_import_name_is_ours_from_any_folder(package: str, tmp_path: Path) -> None:
    """The package index has a ``storage``, a ``pipeline`` and a ``consent`` of other people."""
    code = f"import {package}; print({package}.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()) == ROOT / package / "__init__.py"


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path): lines
        for path in own_files(".py", ".js", ".mjs", ".css")
        if (lines := len((ROOT / path).read_text("utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_no_module_says_nothing_by_its_name() -> None:
    assert not [path for path in own_files(".py", ".js") if path.stem in EMPTY_NAMES]


def test_no_module_of_the_app_hides_one_of_python_or_ours() -> None:
    """Streamlit puts the folder of its script first on the path, where a name hides others."""
    folder = ROOT / "review_app"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "__main__"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert not (modules | packages) & (sys.stdlib_module_names | set(PACKAGES))


def test_no_folder_is_named_pages() -> None:
    """Streamlit would serve its scripts as pages, past what a role may open."""
    assert not list((ROOT / "review_app").rglob("pages"))
