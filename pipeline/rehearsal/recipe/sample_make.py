"""Make the sample recording: conversation.mp4 and its true script, conversation.json.

Here lives the order of the steps; each step has its own module.
"""

import argparse
import json
from pathlib import Path

from pipeline.rehearsal import SAMPLE, SampleRole, SampleScript
from pipeline.rehearsal.recipe.sample_film import pictures, write_film
from pipeline.rehearsal.recipe.sample_motion import FRAMES_PER_S, poses
from pipeline.rehearsal.recipe.sample_room import record
from pipeline.rehearsal.recipe.sample_voices import perform, read_script


def script_json(script: SampleScript) -> str:
    """Return a script as it is kept beside the film; pipeline.rehearsal reads it back."""
    data = {
        "language": script.language,
        "duration_ms": script.duration_ms,
        "speakers": {
            role: {"name": who.name, "voice": who.voice} for role, who in script.speakers.items()
        },
        "lines": [
            {
                "role": line.role,
                "start_ms": line.start_ms,
                "end_ms": line.end_ms,
                "text": line.text,
                "phase": line.phase,
                "labels": sorted(line.labels),
                "words": [[word.text, word.start_ms, word.end_ms] for word in line.words],
            }
            for line in sorted(script.lines, key=lambda line: line.start_ms)
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description="Make the sample recording.")
    parser.add_argument("--out", type=Path, default=SAMPLE, help="the film; its script lies beside")
    args = parser.parse_args()
    script = read_script()
    performance = perform(script)
    sound = record(performance.dry, seed=script.seed)
    moves = {
        role: poses(performance.script, role=role, voice=performance.dry[role], seed=script.seed)
        for role in SampleRole
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_film(args.out, images=pictures(moves), sound=sound)
    args.out.with_suffix(".json").write_text(script_json(performance.script), "utf-8")
    seconds = len(moves[SampleRole.YOUTH]) / FRAMES_PER_S
    print(f"{args.out}: {seconds:.0f} s, {args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
