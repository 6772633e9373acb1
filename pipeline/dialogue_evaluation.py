"""How good are the suggestions on labeled dialogues? Runs the functions that the stages run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from pipeline.analysis.evidence import evidence_of
from pipeline.analysis.learner import Learned, suggest
from pipeline.analysis.phase_model import LearnedPhases
from pipeline.analysis.phases import suggest_phases
from pipeline.analysis.segmentation_scores import SegmentationScore, segmentation_score
from pipeline.analysis.suggestion_scores import Findings, findings, macro, micro, pooled
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues.dialogue import Dialogue, turns_of
from storage.dialogues.guide import CODES, Label

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Result:
    """What came out for one dialogue."""

    language: str
    turns: int
    found: Findings
    phases: SegmentationScore


def evaluate_dialogues(
    dialogues: Mapping[str, Dialogue], *, learned: Learned, phases: LearnedPhases
) -> dict[str, Any]:
    """Return how good suggestions and phases are, as JSON values with stable keys.

    The labels are compared with, never read by what suggests. ``tags`` are keyed by the guide's
    labels; figures of several files are taken over all their turns, those of phases as means.
    """
    results = {
        name: _result(dialogue, file=name, learned=learned, phases=phases)
        for name, dialogue in dialogues.items()
    }
    languages = sorted({result.language for result in results.values()})
    return {
        **_summary(list(results.values())),
        "languages": {
            code: _summary([each for each in results.values() if each.language == code])
            for code in languages
        },
        "files": {
            name: {"language": result.language, **_summary([result])}
            for name, result in results.items()
        },
    }


def _result(dialogue: Dialogue, *, file: str, learned: Learned, phases: LearnedPhases) -> _Result:
    turns, books = turns_of(dialogue), shipped_codebooks()
    evidence = evidence_of(turns, books, language=dialogue.language)
    suggestions = suggest(evidence, books, learned=learned)
    places = {place: at for at, place in enumerate(dialogue.spoken)}
    starts = {
        places[phase.first_turn]
        for phase in suggest_phases(evidence, learned=learned, phases=phases)
    }
    return _Result(
        language=dialogue.language,
        turns=len(turns),
        found=findings([line.labels for line in dialogue.lines], suggestions, file=file),
        phases=segmentation_score(dialogue.borders, starts - {0}, count=len(turns)),
    )


def _summary(results: list[_Result]) -> dict[str, Any]:
    found = pooled(result.found for result in results)
    summary: dict[str, Any] = _rounded(
        {
            "turns": sum(result.turns for result in results),
            "micro": asdict(micro(found)),
            "macro": asdict(macro(found)),
            "phases": {
                "pk": fmean(result.phases.pk for result in results),
                "windowdiff": fmean(result.phases.windowdiff for result in results),
            },
            "tags": {label.value: _tag(label, found) for label in Label},
        }
    )
    return summary


def _tag(label: Label, found: Findings) -> dict[str, Any]:
    finding = found[label]
    return {
        "codes": [f"{codebook}.{code}" for codebook, code in CODES[label]],
        "n": len(finding.truth),
        "suggested": len(finding.suggested),
        **asdict(finding.ratios()),
        "precision_at_n": finding.precision_at_n(),
        "recall_at_2n": finding.recall_at_2n(),
    }


def _rounded(value: Any) -> Any:  # noqa: ANN401 - JSON values of any depth
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return round(value, _DIGITS) if isinstance(value, float) else value
