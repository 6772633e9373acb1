"""What a worker does with test recordings: check each in a child of its own, and answer.

They wait behind no film that is being worked on, for somebody stands beside the camera.
"""

from typing import cast

from consent.model import RecordingId
from pipeline.children.parent import Supervised
from pipeline.errors import PipelineError, TaskFailed
from storage import trials
from storage.home import Home
from storage.vault.errors import KeyDestroyed

_LIMIT_S = 60.0
_UNCHECKED = "failed"


def answer_trials(home: Home) -> None:
    """Check the clips that wait, one after the other."""
    for trial in trials.waiting(home):
        findings = _checked(home, trial)
        try:
            trials.answer(home, trial, findings)
        except KeyDestroyed:  # nobody waits any more
            continue


def _checked(home: Home, trial: RecordingId) -> trials.Findings:
    try:
        with Supervised() as child:
            outcome = child.run(
                "pipeline.stages.trial:check",
                {"trial": trial},
                progress=lambda _: None,
                still_allowed=lambda: trials.is_here(home, trial),
                limit_s=_LIMIT_S,
            )
    except TaskFailed as error:
        return trials.Findings(refusal=error.code or _UNCHECKED)
    except PipelineError:
        return trials.Findings(refusal=_UNCHECKED)
    return trials.Findings(hints=tuple(cast("list[str]", outcome.value)))
