"""What the commands say about gaps and failures, with what to do. Only for the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from consent.errors import ConsentError
from consent.model import Gap, GapKind, RecordingId
from pipeline.analysis.errors import AnalysisError
from pipeline.errors import ADVICE, EngineFailed, Failure, PipelineError, Refusal, StageKilled
from storage import recordings
from storage.errors import AlreadyReceived, StorageError, SubtitlesRefused
from storage.home import Home
from storage.records import StageRun, StageState

_GAP_WORDS = {
    GapKind.NOBODY_NAMED: "nobody is named on the roster",
    GapKind.NO_YOUTH: "no youth is named",
    GapKind.NO_CUSTODY_HOLDER: "the youth is a minor and no custody holder is named",
    GapKind.BIRTH_DATE_MISSING: "the youth's birth date is missing",
    GapKind.NOT_ASKED: "has not been asked",
    GapKind.REFUSED: "said no",
    GapKind.WITHDRAWN: "has withdrawn",
    GapKind.EXPIRED: "the consent has run out",
    GapKind.INVALIDATED: "the consent was found invalid",
    GapKind.RECORDING_NOT_COVERED: "the consent does not cover the day of the recording",
    GapKind.SCOPE_NOT_COVERED: "the consent covers only a part",
    GapKind.REASK_DUE: "has come of age and must be asked anew",
    GapKind.SCAN_MISSING: "the signed paper has not been scanned in time",
    GapKind.NOT_HEARD: "the spoken answer is not marked on the recording",
}


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Say what went wrong and what to do, without a traceback, for what was foreseen."""
    try:
        yield
    except (ConsentError, StorageError, PipelineError) as error:
        Console(stderr=True).print(error_in_words(error), soft_wrap=True)
        raise typer.Exit(1) from error


def gap_in_words(gap: Gap) -> str:
    """Return why there is no permit: who, by role, and what is missing."""
    who = gap.role.value.replace("_", " ") if gap.role else ""
    return f"{who}: {_GAP_WORDS[gap.kind]}" if who and gap.person else _GAP_WORDS[gap.kind]


def error_in_words(error: Exception) -> str:
    """Return what an error of ours means and what to do about it."""
    said = _joined(type(error), str(getattr(error, "advice", "")))
    line = error.line if isinstance(error, SubtitlesRefused) else None
    return said if line is None else f"Line {line}: {said}"


def failure_in_words(home: Home, run: StageRun) -> str:
    """Return why a stage has stopped and what to do about it."""
    if run.state is StageState.REFUSED:
        return _joined(StageKilled, StageKilled.advice)
    code, _, detail = (run.error or "").partition(":")
    if code in set(Refusal):
        return f"File {detail}: {ADVICE[Refusal(code)]}" if detail else ADVICE[Refusal(code)]
    if code in set(Failure):
        return f"{_joined(EngineFailed, EngineFailed.advice)} ({code})"
    if code == AlreadyReceived.__name__:
        with home.reading() as tx:
            number = recordings.recording(tx, RecordingId(detail)).number
        return f"{_joined(AlreadyReceived, AlreadyReceived.advice)} It is recording {number}."
    known = {kind.__name__: kind for base in _BASES for kind in _kinds_of(base)}
    if code in known:
        return _joined(known[code], known[code].advice)
    return f"Something unforeseen happened ({code}). Run: samspil doctor"


_BASES: tuple[type[ConsentError | StorageError | PipelineError | AnalysisError], ...] = (
    ConsentError,
    StorageError,
    PipelineError,
    AnalysisError,
)


def _kinds_of(
    base: type[ConsentError | StorageError | PipelineError | AnalysisError],
) -> Iterator[type[ConsentError | StorageError | PipelineError | AnalysisError]]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds_of(kind)


def _joined(kind: type[Exception], advice: str) -> str:
    fact = (kind.__doc__ or kind.__name__).split("\n", 1)[0]
    return f"{fact} {advice}".strip()
