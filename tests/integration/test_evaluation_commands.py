"""``samspil evaluate dialogues``, as typed."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline import cli
from pipeline.analysis.learner import Learned
from pipeline.analysis.learning import learn
from pipeline.analysis.phase_model import LearnedPhases
from storage.codebooks.model import Codebook
from storage.dialogues import HELD_OUT
from storage.dialogues.dialogue import Dialogue

RATIOS = {"precision", "recall", "f1"}
PHASES = {"pk", "windowdiff"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("da_04.tsv", "en_09.tsv"):
        shutil.copy(HELD_OUT / name, tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["evaluate", "dialogues", *words])


def test_json_has_the_promised_keys(folder: Path) -> None:
    result = json.loads(run(str(folder), "--json").stdout)

    assert set(result["micro"]) == set(result["macro"]) == RATIOS
    assert set(result["phases"]) == PHASES
    assert set(result["files"]) == {"da_04.tsv", "en_09.tsv"}
    assert set(result["languages"]) == {"da", "en"}
    for part in (result, *result["files"].values(), *result["languages"].values()):
        assert set(part["tags"]) == set(result["tags"])
        assert 0 < part["micro"]["f1"] < 1
    assert result["tags"]["OQ"]["codes"] == ["conversation.open_question"]
    assert set(result["tags"]["OQ"]) >= RATIOS | {"n", "precision_at_n", "recall_at_2n"}


def test_labels_are_compared_with_and_never_read(folder: Path) -> None:
    before = json.loads(run(str(folder), "--json").stdout)
    for path in folder.glob("*.tsv"):
        rows = [row.split("\t") for row in path.read_text("utf-8").splitlines()]
        path.write_text(
            "".join(f"{who}\tskole\t-\t{text}\n" for who, _, _, text in rows), encoding="utf-8"
        )
    after = json.loads(run(str(folder), "--json").stdout)

    suggested = [[tag["suggested"] for tag in each["tags"].values()] for each in (before, after)]
    assert suggested[0] == suggested[1]
    assert after["micro"]["recall"] == 0


def test_a_table_for_people(folder: Path) -> None:
    said = run(str(folder)).stdout

    assert "OQ" in said
    assert "Pk" in said


def test_a_bad_file_is_named_with_its_line(folder: Path) -> None:
    (folder / "sv_x.tsv").write_text("S\tskole\t-\tHej\nS\tskole\tZZ\tHej\n", encoding="utf-8")
    result = run(str(folder), "--json")

    assert result.exit_code == 1
    assert "sv_x.tsv, line 2: unknown label 'ZZ'" in result.output


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / "sv_x.tsv").write_bytes(b"S\tskole\t-\tHej\nS\tskole\t-\t\xff\n")

    assert "sv_x.tsv, line 2: not UTF-8" in run(str(folder)).output


def test_a_folder_without_dialogues_is_said_to_be_so(tmp_path: Path) -> None:
    result = run(str(tmp_path / "nowhere"))

    assert result.exit_code == 1
    assert "holds no labeled dialogue" in result.output


def test_more_dialogues_can_be_learned_from_and_what_is_evaluated_is_not(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = tmp_path_factory.mktemp("more")
    for name in ("da_04.tsv", "da_09.tsv", "en_04.tsv"):
        shutil.copy(HELD_OUT / name, more)
    monkeypatch.setattr("pipeline.evaluation_commands.TRAINING", more)
    learned_from: list[int] = []

    def watched(
        dialogues: list[Dialogue], books: tuple[Codebook, ...], *, exchanges: list[Dialogue]
    ) -> tuple[Learned, LearnedPhases]:
        learned_from.append(len(dialogues))
        return learn(dialogues, books, exchanges=exchanges[:1])

    monkeypatch.setattr("pipeline.evaluation_commands.learn", watched)
    result = json.loads(run(str(folder), "--learn-from", str(more), "--json").stdout)

    assert learned_from == [2], "each once, and da_04 is evaluated"
    assert 0 < result["micro"]["f1"] < 1
