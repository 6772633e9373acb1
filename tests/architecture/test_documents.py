"""What the README says is what the software does: settings, commands, steps, decisions."""

import re
from pathlib import Path
from types import ModuleType

import pytest
import typer.main
from pydantic import SecretStr

from pipeline.cli import app
from review_app.supervision import cycle, disclosure
from storage.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DECISIONS = sorted(
    path.relative_to(ROOT)
    for room in ("consent", "storage", "pipeline", "review_app")
    for path in (ROOT / room / "decisions").glob("*.md")
)
HEADINGS = ["## Question", "## Considered", "## Decision", "## Consequences"]
LONGEST_DECISION = 30


def settings_table() -> str:
    rows = ["| Setting | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        shown = "" if field.default in {None, ""} else f"`{field.default}`"
        rows.append(f"| `SAMSPIL_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_secrets_are_kept_out_of_what_is_printed() -> None:
    secret = {"key_encryption_key", "s3_access_key", "s3_secret_key"}
    kept = {
        name
        for name, field in Settings.model_fields.items()
        if field.annotation == SecretStr | None
    }
    assert kept == secret


def test_settings_table_is_current() -> None:
    assert settings_table() in README


@pytest.mark.parametrize("path", [cycle, disclosure], ids=["cycle", "disclosure"])
def test_diagrams_are_current(path: ModuleType) -> None:
    assert f"```mermaid\n{path.diagram()}\n```" in README


def test_every_command_is_explained() -> None:
    command = typer.main.get_command(app)
    names = set(getattr(command, "commands", {}))
    assert {"demo", "up", "worker", "ingest"} <= names
    missing = {name for name in names if f"`samspil {name}" not in README}
    assert not missing


def test_there_are_decisions() -> None:
    assert {path.parts[0] for path in DECISIONS} == {"consent", "storage", "pipeline", "review_app"}


@pytest.mark.parametrize("decision", DECISIONS, ids=str)
def test_decision_is_linked_numbered_and_short(decision: Path) -> None:
    text = (ROOT / decision).read_text("utf-8")
    assert f"]({decision})" in README
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", decision.name)
    assert text.startswith(f"# {decision.name[:4]} ")
    assert [line for line in text.splitlines() if line.startswith("## ")] == HEADINGS
    assert len(text.splitlines()) <= LONGEST_DECISION


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
    assert targets
    pictures_are_made_elsewhere = {t for t in targets if t.endswith(".png")}
    assert not [t for t in set(targets) - pictures_are_made_elsewhere if not (ROOT / t).exists()]
