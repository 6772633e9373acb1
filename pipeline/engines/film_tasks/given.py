"""What the other side gives with a task, made into values again; it was checked when kept."""

from typing import Any

from pipeline.engines.probing import AudioTrack, Oddity, Probe, VideoTrack


def probe_of(kept: dict[str, Any]) -> Probe:
    """Return what was found of a film, from its JSON."""
    video, audio = kept["video"], kept["audio"]
    return Probe(
        **{
            **kept,
            "video": VideoTrack(**video) if video else None,
            "audio": AudioTrack(**audio) if audio else None,
            "oddities": tuple(map(Oddity, kept["oddities"])),
        }
    )
