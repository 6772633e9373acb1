"""The sample's file: pictures and sound to an MP4 that browsers play and seek in.

Here live the encoding settings. The pictures are drawn in sample_scenery.py and sample_figures.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import av
import numpy as np

from pipeline.rehearsal import SampleRole
from pipeline.rehearsal.recipe.espeak import Samples
from pipeline.rehearsal.recipe.sample_canvas import (
    PIXELS_HIGH,
    PIXELS_WIDE,
    Canvas,
    Image,
    to_film,
)
from pipeline.rehearsal.recipe.sample_figures import Pose, draw_figure
from pipeline.rehearsal.recipe.sample_motion import FRAMES_PER_S
from pipeline.rehearsal.recipe.sample_scenery import room, table
from pipeline.rehearsal.recipe.sample_voices import RATE

_KEYFRAME_EVERY = 2 * FRAMES_PER_S
_QUALITY = {"preset": "slow", "crf": "29", "tune": "animation", "profile": "high"}
_AUDIO_BITS_PER_S = 80_000


def pictures(poses: Mapping[SampleRole, list[Pose]]) -> Iterator[Image]:
    """Yield every picture of the film."""
    empty = room()
    for moment in zip(*(poses[role] for role in SampleRole), strict=True):
        image = empty.copy()
        canvas = Canvas.on(image)
        for role, pose in zip(SampleRole, moment, strict=True):
            draw_figure(canvas, role=role, pose=pose)
        table(canvas)
        yield to_film(image)


def write_film(path: Path, *, images: Iterable[Image], sound: Samples) -> None:
    """Write pictures and stereo sound as H.264 and AAC, ready to play before it is fully loaded."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as film:
        video = film.add_stream("libx264", rate=FRAMES_PER_S, options=_QUALITY)
        video.width, video.height, video.pix_fmt = PIXELS_WIDE, PIXELS_HIGH, "yuv420p"
        video.gop_size = _KEYFRAME_EVERY
        audio = film.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = _AUDIO_BITS_PER_S
        per_image = RATE // FRAMES_PER_S
        for index, image in enumerate(images):
            film.mux(video.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
            piece = sound[index * per_image : (index + 1) * per_image]
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(piece.T), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts = RATE, index * per_image
            film.mux(audio.encode(frame))
        film.mux(video.encode(None))
        film.mux(audio.encode(None))
