"""The ``samspil`` command. One of the three places where errors become words."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from consent.days import day_of, moment_of
from consent.model import Gap, RecordingId
from pipeline import backup_commands, evaluation_commands, intake, people, proof_commands
from pipeline import demo as demonstration
from pipeline.bootstrap import open_home, someone_works, start_app, worker_running
from pipeline.doctor import examine
from pipeline.engines import catalogue
from pipeline.rehearsal import SAMPLE
from pipeline.watching import stage_table, watch
from pipeline.words import errors_in_words, failure_in_words, gap_in_words
from storage import accounts, consent_ledger, courses, jurisdictions, recordings, requests
from storage.home import Home
from storage.records import (
    NewRecording,
    RequestKind,
    SoundLayout,
    Stage,
    StageState,
    User,
    UserRole,
)
from storage.settings import Settings

app = typer.Typer(
    help="Samspil: supervision of conversations by film, on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
models_app = typer.Typer(help="Speech models: which fit, and fetching one.")
app.add_typer(models_app, name="models")
app.add_typer(people.app, name="people")
app.add_typer(evaluation_commands.app, name="evaluate")
app.add_typer(proof_commands.app, name="audit")
app.command("certificate")(proof_commands.print_certificate)
app.command("backup")(backup_commands.backup)
app.command("restore")(backup_commands.restore)
console = Console()
_ID_WIDTH = 36
"""An id that is cut off cannot be typed again."""
_LOCKED = 3
"""Exit code when consent is missing."""


@app.command()
def demo(
    *, serve: Annotated[bool, typer.Option(help="Open the app when the sample is ready.")] = True
) -> None:
    """Set up a demonstration, process the sample conversation for real, and open the app."""
    with errors_in_words():
        home = open_home()
        shown = demonstration.prepare(home)
        with someone_works(home):
            _process(home, [SAMPLE], shown.recording)
            if serve:
                _serve(home, sign_in=shown)


@app.command()
def up() -> None:
    """Run the app and a worker on this machine until stopped."""
    with errors_in_words():
        home = open_home()
        with someone_works(home):
            _serve(home, sign_in=None)


@app.command()
def worker() -> None:
    """Run a worker alone, beside others that share the same database and store."""
    with errors_in_words():
        home = open_home()
        with worker_running(home):
            console.print("Worker is running. Stop with Ctrl+C.")
            _wait_for_stop()


@app.command()
def ingest(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Film or sound: mp4, mov, mkv, webm, avi, mp3, … Several of one conversation: "
            "the camera's in order, and a recorder's sound, which is laid under them."
        ),
    ],
    *,
    caseworker: Annotated[str, typer.Option(help="Login of the one who recorded it.")] = "",
    youth_born: Annotated[datetime | None, typer.Option(help="The youth's birth date.")] = None,
    custody_holders: Annotated[
        int, typer.Option(min=0, help="How many must agree for a minor.")
    ] = 1,
    agreed: Annotated[
        bool, typer.Option(help="You hold the signed consent of everyone in it.")
    ] = False,
    recorded_at: Annotated[datetime | None, typer.Option(help="When it was filmed.")] = None,
    language: Annotated[str, typer.Option(help="Spoken language: da, sv or en.")] = "da",
    speakers: Annotated[int, typer.Option(min=1, help="How many people speak.")] = 2,
    sound: Annotated[SoundLayout, typer.Option(help="How the sound was caught.")] = (
        SoundLayout.ONE_DEVICE
    ),
    again: Annotated[
        str, typer.Option("--recording", help="Go on with a recording registered before.")
    ] = "",
) -> None:
    """Take in a film: encrypt it, check the consents, and process it."""
    with errors_in_words():
        home = open_home()
        recording = RecordingId(again) or _register(
            home,
            owner=_caseworker(home, caseworker),
            recorded_at=recorded_at,
            youth_born=youth_born.date() if youth_born else None,
            custody_holders=custody_holders,
            agreed=agreed,
            language=language,
            speakers=speakers,
            sound=sound,
        )
        with someone_works(home):
            _process(home, files, recording)


@app.command()
def process(
    recording: Annotated[str, typer.Argument(help="Id of a recording, as status lists it.")],
) -> None:
    """Go on with a recording whose film is here, after the stage that was done last."""
    with errors_in_words():
        home = open_home()
        with home.transaction() as tx:
            found = recordings.recording(tx, RecordingId(recording))
            if found.received_at is None:
                raise typer.BadParameter("its film is not here yet: samspil ingest --recording")
            gaps = consent_ledger.gaps(tx, found.id)
            if not gaps:
                requests.ask(tx, RequestKind.PROCESS, found.id)
        if gaps:
            _say_locked(found.id, gaps)
        with someone_works(home):
            _follow(home, found.id)


@app.command("import-text")
def import_text(
    recording: Annotated[str, typer.Argument(help="Id of a recording, as status lists it.")],
    file: Annotated[Path, typer.Argument(help="Subtitles: .vtt or .srt.")],
    *,
    voices: Annotated[
        str,
        typer.Option(
            help="What its speakers are, in their order: caseworker, youth, parent, other, unknown."
        ),
    ] = "",
) -> None:
    """Use a text that somebody has written instead of recognizing the speech."""
    with errors_in_words():
        home = open_home()
        with home.reading() as tx:
            found = recordings.recording(tx, RecordingId(recording))
            gaps = consent_ledger.gaps(tx, found.id)
        if gaps:
            _say_locked(found.id, gaps)
        text = intake.own_text(file)
        roles = intake.voices_of(text, voices)
        for speaker, role in zip(text.speakers, roles, strict=True):
            console.print(f"{speaker}: {role.value}", markup=False)
        if not intake.take_in_text(home, found.id, text, voices=roles):
            console.print("The text is kept. It is used when the film is here.")
            return
        with someone_works(home):
            _follow(home, found.id)


@app.command()
def doctor(
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="Make a damaged search index anew.")
    ] = False,
) -> None:
    """Examine this home and machine, and say what needs doing."""
    findings = examine(Settings(), repair=repair)
    for finding in findings:
        console.print("ok" if finding.good else "!!", finding.line, soft_wrap=True)
        if finding.advice:
            console.print("  ", finding.advice, soft_wrap=True)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@app.command()
def status() -> None:
    """List the recordings of this home by id and state; nothing of their content."""
    with errors_in_words():
        home = open_home()
        table = Table(
            Column("Recording", min_width=_ID_WIDTH),
            "Recorded",
            "Received",
            "Stages done",
            "Erased",
        )
        with home.reading() as tx:
            for course in courses.courses(tx):
                for found in recordings.recordings_of(tx, course=course.id):
                    runs = requests.stage_runs_of(tx, found.id)
                    table.add_row(
                        found.id,
                        f"{found.recorded_at:%Y-%m-%d}",
                        "yes" if found.received_at else "no",
                        str(sum(run.state is StageState.DONE for run in runs)),
                        "yes" if found.erased_at else "",
                    )
        console.print(table)


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """List speech models for Danish, Swedish and English, and whether they fit this machine."""
    if context.invoked_subcommand is not None:
        return
    home = open_home()
    memory = catalogue.machine_memory_mib()
    table = Table("Name", "Languages", "Memory MiB", "Fits", "Here", "Note")
    for entry in catalogue.catalogue():
        here = (home.settings.models_folder() / entry.name).is_dir()
        table.add_row(
            entry.name,
            " ".join(entry.languages),
            str(entry.memory_mib),
            "yes" if entry.fits(memory) else "no",
            "yes" if here else "",
            entry.note,
        )
    console.print(table)
    console.print(f"In use: {home.settings.model}. Choose with SAMSPIL_MODEL (a name or a folder).")
    _list_voice_models(home.settings)


def _list_voice_models(settings: Settings) -> None:
    """Say what tells voices apart, and where the files for it come from."""
    folder = settings.diarizer_folder()
    table = Table("File", "Model", "Licence", "Here", "From")
    for model in catalogue.voice_models():
        here = model.presence(folder).value
        table.add_row(model.file, model.name, model.licence, here, model.source)
    console.print(table)
    console.print(
        f"Voices are told apart by: {settings.diarizer}. With SAMSPIL_DIARIZER=sherpa-onnx, by "
        f"these two files in {folder}; with pyannote.audio, by a pipeline's config.yaml there.",
        soft_wrap=True,
    )


@models_app.command("fetch")
def models_fetch(name: Annotated[str, typer.Argument(help="A name from the list.")]) -> None:
    """Download one speech model, once, where there is a network. Nothing else ever downloads."""
    with errors_in_words():
        settings = open_home().settings
        folder = catalogue.fetch(name, settings.models_folder())
        console.print(f"Fetched to {folder}. Use it with SAMSPIL_MODEL={name}.")


def _process(home: Home, films: Sequence[Path], recording: RecordingId) -> None:
    """Take a film in, follow its processing, and say how it went."""
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("Encrypting", total=1.0)
        taken = intake.take_in(
            home, films, recording, progress=lambda f: progress.update(bar, completed=f)
        )
    if taken.gaps:
        _say_locked(recording, taken.gaps)
    _follow(home, recording)


def _say_locked(recording: RecordingId, gaps: tuple[Gap, ...]) -> NoReturn:
    """Say who is missing and what to do, and end with a code of its own."""
    console.print("The film is kept encrypted and locked. Nobody can view it, because:")
    for gap in gaps:
        console.print(f"  · {gap_in_words(gap)}")
    console.print(
        "Write down the missing answers in the app (Consent). Processing then starts by itself."
    )
    console.print(f"Recording {recording}", soft_wrap=True)
    raise typer.Exit(_LOCKED)


def _follow(home: Home, recording: RecordingId) -> None:
    """Show the processing of a recording until it has ended, and say how it went."""
    runs = watch(home, recording, console)
    console.print(stage_table(home, recording))
    failed = [run for run in runs if run.state in {StageState.FAILED, StageState.REFUSED}]
    for run in failed:
        said = failure_in_words(home, run)
        console.print(f"[bold]{run.stage.value}[/] stopped. {said}", soft_wrap=True)
    if failed:
        console.print("What was done stays. To go on from there:")
        console.print(f"samspil process {recording}", soft_wrap=True)
        raise typer.Exit(1)
    if not all(run.state is StageState.DONE for run in runs) or len(runs) < len(Stage):
        console.print("Processing has ended early. See: samspil doctor")
        raise typer.Exit(1)


def _caseworker(home: Home, login: str) -> User:
    with home.reading() as tx:
        if login:
            found = accounts.user_by_login(tx, login)
            people = [found[0]] if found else []
        else:
            people = [u for u in accounts.users(tx) if u.role is UserRole.CASEWORKER]
    if len(people) != 1:
        raise typer.BadParameter("name the caseworker: --caseworker LOGIN")
    return people[0]


def _register(
    home: Home,
    *,
    owner: User,
    recorded_at: datetime | None,
    youth_born: date | None,
    custody_holders: int,
    agreed: bool,
    language: str,
    speakers: int,
    sound: SoundLayout,
) -> RecordingId:
    with home.reading() as tx:
        mine = courses.courses_of(tx, owner.id)
        now = tx.at
        rules = jurisdictions.jurisdiction(tx, home.settings.jurisdiction)
    recorded = moment_of(recorded_at.date(), recorded_at.time(), rules) if recorded_at else now
    if recorded > now or (youth_born and youth_born > day_of(now, rules)):
        raise typer.BadParameter("the day lies in the future")
    if not mine:
        raise typer.BadParameter("this caseworker has no course yet")
    new = NewRecording(
        course=mine[0].id,
        recorded_at=recorded,
        roster=intake.roster_of(youth_born=youth_born, custody_holders=custody_holders),
        jurisdiction=rules.code,
        language=language,
        speakers=speakers,
        sound=sound,
    )
    return intake.register(home, new, owner=owner.id, agreed=agreed)


def _serve(home: Home, *, sign_in: demonstration.Demo | None) -> None:
    """Run the app until stopped."""
    server = start_app()
    address = f"http://{home.settings.host}:{home.settings.port}"
    console.print(f"\nSamspil is at [bold]{address}[/]")
    if sign_in is not None:
        for user in sign_in.people:
            console.print(f"  {user.role.value:<14} {user.login:<10} {sign_in.password}")
        console.print(f"The young person's consent page: {sign_in.consent_page}", soft_wrap=True)
    console.print("Stop with Ctrl+C.")
    try:
        _wait_for_stop(server.poll)
    finally:
        server.terminate()
        server.wait()


def _wait_for_stop(ended: Callable[[], int | None] = lambda: None) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.2) and ended() is None:
        pass


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(app())
