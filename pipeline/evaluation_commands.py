"""``samspil evaluate``: figures that anyone can repeat, about our software and never a person."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pipeline.analysis.dialogue import Dialogue
from pipeline.analysis.learner import Learned
from pipeline.analysis.learning import learn
from pipeline.dialogue_evaluation import evaluate_dialogues
from pipeline.dialogues import TRAINING, read_dialogues
from pipeline.dialogues.base_model import base_model
from pipeline.words import errors_in_words
from storage.codebooks.shipped import shipped_codebooks

app = typer.Typer(help="Figures on how well Samspil does, that anyone can repeat.")
console = Console()


@app.callback(invoke_without_command=True)
def evaluate(context: typer.Context) -> None:
    """Recognize the sample conversation, unless something else is named."""
    if context.invoked_subcommand is None:
        sample()


@app.command()
def sample() -> None:
    """Recognize the sample conversation and compare with its true script."""
    from pipeline.evaluation import evaluate_sample  # noqa: PLC0415 - heavy, and only for this

    with errors_in_words(), Progress(console=console, transient=True) as progress:
        bar = progress.add_task("Recognizing", total=1.0)
        result = evaluate_sample(progress=lambda f: progress.update(bar, completed=f))
    console.print(
        f"word error rate {result.word_error_rate:.1%} of {result.words} words · "
        f"words given to the right speaker {result.speaker_accuracy:.1%} · "
        f"{result.real_time_factor:.1f} × real time · model {result.model}"
    )


@app.command()
def dialogues(
    folder: Annotated[Path, typer.Argument(help="Folder of labeled dialogues, *.tsv.")],
    *,
    learn_from: Annotated[
        Path | None, typer.Option(help="Train on these labeled dialogues and the shipped ones.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare suggested keywords and phases with labeled dialogues.

    What is evaluated is left out of what is trained on; the base model cannot leave it out.
    """
    with errors_in_words():
        asked = read_dialogues(folder)
        learned = _trained(learn_from, besides=asked) if learn_from else base_model()
        result = evaluate_dialogues(asked, learned=learned)
    if as_json:
        typer.echo(json.dumps(result, indent=1))
    else:
        _print(result)


def _trained(folder: Path, *, besides: Mapping[str, Dialogue]) -> Learned:
    """Train on a folder and on the shipped training dialogues, each once."""
    dialogues = {*read_dialogues(folder).values(), *read_dialogues(TRAINING).values()}
    dialogues -= set(besides.values())
    return learn(sorted(dialogues, key=_words), shipped_codebooks())


def _words(dialogue: Dialogue) -> list[str]:
    """Return what puts dialogues into an order that is always the same."""
    return [dialogue.language, *(line.text for line in dialogue.lines)]


def _print(result: dict[str, Any]) -> None:
    """Print a table of the labels, and a line for each language and for all."""
    columns = ("n", "suggested", "precision", "recall", "f1", "precision_at_n", "recall_at_2n")
    table = Table("Label", *columns)
    for label, figures in result["tags"].items():
        table.add_row(label, *(str(figures[column]) for column in columns))
    console.print(table)
    for name, part in [*result["languages"].items(), ("all", result)]:
        micro, phases = part["micro"], part["phases"]
        console.print(
            f"{name}: {part['turns']} turns · precision {micro['precision']:.2f} · "
            f"recall {micro['recall']:.2f} · F1 {micro['f1']:.2f} · "
            f"phases Pk {phases['pk']:.2f} · WindowDiff {phases['windowdiff']:.2f}"
        )
