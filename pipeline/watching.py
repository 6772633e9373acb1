"""How processing looks in a terminal: a bar for each stage, then a table of what it took."""

import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from consent.model import RecordingId
from storage import recordings, requests
from storage.home import Home
from storage.records import Stage, StageRun, StageState

_LOOK_S = 0.15
_ENDED = {StageState.FAILED, StageState.REFUSED}

STAGE_WORDS = {
    Stage.INGEST: "Checking the film",
    Stage.JOIN: "Joining its files",
    Stage.PROBE: "Looking at its format",
    Stage.PROXY: "Making a film for the browser",
    Stage.AUDIO: "Taking out the sound",
    Stage.SPEECH: "Finding speech",
    Stage.TRANSCRIBE: "Turning speech into draft text",
    Stage.DIARIZE: "Telling the voices apart",
    Stage.ATTRIBUTE: "Giving words to speakers",
    Stage.TAG: "Suggesting phases, keywords",
    Stage.PICTURE: "Making small pictures",
    Stage.INDEX: "Making the text searchable",
}


def watch(home: Home, recording: RecordingId, console: Console) -> tuple[StageRun, ...]:
    """Show progress until processing has ended, and return how each stage went."""
    columns = (
        TextColumn("{task.description:<32}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = {
            stage: progress.add_task(words, total=1.0, start=False)
            for stage, words in STAGE_WORDS.items()
        }
        while True:
            with home.reading() as tx:
                runs = requests.stage_runs_of(tx, recording)
                over = not requests.has_open(tx, recording)
            for run in runs:
                if run.state is not StageState.WAITING:
                    progress.start_task(bars[run.stage])
                progress.update(bars[run.stage], completed=run.fraction)
                if run.state is StageState.DONE:
                    progress.stop_task(bars[run.stage])
            if over:
                return runs
            time.sleep(_LOOK_S)


def stage_table(home: Home, recording: RecordingId) -> Table:
    """Return a table of stage, seconds, times real time, and peak memory."""
    with home.reading() as tx:
        runs = {run.stage: run for run in requests.stage_runs_of(tx, recording)}
        duration_ms = recordings.recording(tx, recording).duration_ms or 0
    table = Table(title="Stages", title_justify="left")
    table.add_column("Stage")
    for name in ("Seconds", "× real time", "Peak MiB"):
        table.add_column(name, justify="right")
    total = 0.0
    for stage in Stage:
        run = runs.get(stage)
        seconds = run.seconds if run and run.seconds else 0.0
        total += seconds
        peak = f"{run.peak_mib:.0f}" if run and run.peak_mib else ""
        table.add_row(stage.value, f"{seconds:.2f}", _speed(duration_ms, seconds), peak)
    table.add_section()
    table.add_row("all", f"{total:.2f}", _speed(duration_ms, total), "")
    return table


def _speed(duration_ms: int, seconds: float) -> str:
    return f"{duration_ms / 1000 / seconds:.1f}" if seconds > 0 else ""
