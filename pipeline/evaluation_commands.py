"""``samspil evaluate``: figures that anyone can repeat, about our software and never a person."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pipeline.analysis.learner import Learned
from pipeline.analysis.learning import learn
from pipeline.analysis.phase_model import LearnedPhases
from pipeline.dialogue_evaluation import evaluate_dialogues
from pipeline.dialogues.base_model import base_model, base_phases
from pipeline.words import errors_in_words
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues import EXCHANGES, TRAINING, read_dialogues
from storage.dialogues.dialogue import Dialogue
from storage.records import SoundLayout

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

    with errors_in_words(), _progress("Recognizing") as progress:
        result = evaluate_sample(progress=progress)
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
        learned, phases = (
            _trained(learn_from, besides=asked) if learn_from else (base_model(), base_phases())
        )
        result = evaluate_dialogues(asked, learned=learned, phases=phases)
    if as_json:
        typer.echo(json.dumps(result, indent=1))
    else:
        _print(result)


@app.command()
def diarization(
    folder: Annotated[Path, typer.Argument(help="Folder of *.wav with their RTTM lines.")],
    *,
    language: Annotated[
        str | None, typer.Option(help="Recognize the words too, and use them: da, sv or en.")
    ] = None,
    two_microphones: Annotated[bool, typer.Option(help="A microphone for each person.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare who speaks when with what is known about it.

    The number of people is told, as at upload; the guess at it is only reported.
    """
    from pipeline.recording_evaluation import evaluate_diarization  # noqa: PLC0415 - heavy

    with errors_in_words(), _progress("Listening") as progress:
        result = evaluate_diarization(
            folder, layout=_layout(two_microphones), language=language, progress=progress
        )
    if as_json:
        typer.echo(json.dumps(result, indent=1))
        return
    table = Table("File", *result["mean"])
    for name, figures in [*result["files"].items(), ("mean", result["mean"])]:
        table.add_row(name, *map(str, figures.values()))
    console.print(table)


@app.command()
def transcript(
    reference: Annotated[Path, typer.Argument(help="The true text, JSON.")],
    recording: Annotated[Path, typer.Argument(help="The film or sound file.")],
    *,
    two_microphones: Annotated[bool, typer.Option(help="A microphone for each person.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Recognize a file and compare with what was truly said, by whom and when."""
    from pipeline.recording_evaluation import evaluate_transcript  # noqa: PLC0415 - heavy

    with errors_in_words(), _progress("Recognizing") as progress:
        result = evaluate_transcript(
            reference, recording, layout=_layout(two_microphones), progress=progress
        )
    if as_json:
        typer.echo(json.dumps(result, indent=1))
        return
    for name, figure in result.items():
        console.print(f"{name}: {figure}")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[float], None]]:
    """Show a bar on a terminal; never in what programs read."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(what, total=1.0)
        yield lambda share: progress.update(bar, completed=share)


def _layout(two_microphones: bool) -> SoundLayout:  # noqa: FBT001 - as the option has it
    return SoundLayout.TWO_MICROPHONES if two_microphones else SoundLayout.ONE_DEVICE


def _trained(folder: Path, *, besides: Mapping[str, Dialogue]) -> tuple[Learned, LearnedPhases]:
    """Train on a folder and on the shipped training dialogues, each once."""
    dialogues = {*read_dialogues(folder).values(), *read_dialogues(TRAINING).values()}
    dialogues -= set(besides.values())
    ordered = sorted(dialogues, key=_words)
    exchanges = list(read_dialogues(EXCHANGES).values())
    return learn(ordered, shipped_codebooks(), exchanges=exchanges)


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
