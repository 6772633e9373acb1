"""What is installed: the components are found, and a wheel holds all that the app needs."""

import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("consent", "storage", "pipeline", "review_app")
MANIFEST = tomllib.loads((ROOT / "review_app" / "pyproject.toml").read_text("utf-8"))
COMPONENTS = {c["name"] for c in MANIFEST["tool"]["streamlit"]["component"]["components"]}
LIST_REGISTERED = """
import json
from streamlit.components.v2.manifest_scanner import scan_component_manifests
print(json.dumps([
    (str(root), component.name)
    for manifest, root in scan_component_manifests() if manifest.name == "review-app"
    for component in manifest.components
]))
"""
READ_AT_RUN_TIME = {
    *(".css", ".js", ".html", ".po", ".mp4", ".bin", ".mako", ".toml", ".json"),
    *(".typ", ".svg", ".npz"),
}


def registered(*, path: Path | None = None, cwd: Path) -> set[tuple[Path, str]]:
    first = f"import sys; sys.path.insert(0, {str(path)!r})\n" if path else ""
    found = subprocess.run(
        [sys.executable, "-c", first + LIST_REGISTERED],
        cwd=cwd,
        check=True,
        capture_output=True,
        text=True,
    )
    return {(Path(root), name) for root, name in json.loads(found.stdout)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build a wheel from a copy, so that no build folder is left in the tree."""
    tree = tmp_path_factory.mktemp("tree")
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in (*PACKAGES, "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=unwanted)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    code = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run([sys.executable, "-c", code], cwd=tree, check=True, capture_output=True)
    (built,) = (tree / "dist").glob("*.whl")
    return zipfile.ZipFile(built)


def test_every_component_is_registered_from_the_tree(tmp_path: Path) -> None:
    assert registered(cwd=tmp_path) == {(ROOT / "review_app", name) for name in COMPONENTS}


def test_every_component_is_registered_from_a_wheel(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    expected = {(tmp_path / "review_app", name) for name in COMPONENTS}
    assert registered(path=tmp_path, cwd=tmp_path) == expected


def test_every_component_has_its_script_and_style_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    folder = "review_app/components"
    needed = {f"{folder}/{name}.{kind}" for name in COMPONENTS for kind in ("js", "css")}
    assert needed <= set(wheel.namelist())


def test_wheel_holds_every_file_that_the_packages_read(wheel: zipfile.ZipFile) -> None:
    here = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in READ_AT_RUN_TIME | {".py"}
    }
    assert {Path(name).suffix for name in here} == READ_AT_RUN_TIME | {".py"}
    assert here <= set(wheel.namelist())


def test_wheel_holds_no_tests_and_no_pictures(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert {name.partition("/")[0] for name in names} - set(PACKAGES) == {
        "review_app-0.1.0.dist-info"
    }
    assert not [name for name in names if name.endswith(".png")]


def test_lock_holds_every_pinned_library_in_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    locked = {package["name"]: package.get("version") for package in lock["package"]}
    for pin in (*project["dependencies"], *project["optional-dependencies"]["test"]):
        name, _, version = pin.partition(";")[0].partition("==")
        name = name.partition("[")[0].replace("_", "-").lower()
        assert locked.get(name) == version, f"{pin}: run uv lock"
