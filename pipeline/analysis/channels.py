"""What the channels of a recording really are, by measurement. Not here: who speaks on them.

A phone writes two channels whether it has two microphones or one. Only two different channels
carry the time differences that tell speakers apart, and two inverted ones cancel each other
when averaged, so nothing downstream may average before asking here.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.sound import RATE, Sound

DUAL_MONO_CORRELATION = 0.995
INVERTED_CORRELATION = -0.8
DEAD_CHANNEL_DB = -30.0
SILENCE = 1e-10
STRIDE = 4
BLOCK = RATE * 60 * STRIDE


class ChannelLayout(StrEnum):
    """What the channels are to each other."""

    MONO = "mono"
    DUAL_MONO = "dual_mono"
    DEAD_CHANNEL = "dead_channel"
    INVERTED = "inverted"
    STEREO = "stereo"


@dataclass(frozen=True, slots=True)
class Channels:
    """Measured relation of the channels.

    Attributes:
        best: The strongest channel; use it alone where the channels must not be averaged.
        correlation: Of the first two channels, -1..1; 1 for a single channel.
        level_difference_db: Weakest of the first two channels against the strongest, <= 0.
    """

    layout: ChannelLayout
    best: int
    correlation: float
    level_difference_db: float


def measure_channels(sound: Sound) -> Channels:
    """Return what the first two channels are to each other.

    Correlation counts lag zero only, on every fourth sample: dual mono that went through a
    codec stays above .995, two microphones a hand apart do not.
    """
    if sound.channels == 1:
        return Channels(ChannelLayout.MONO, best=0, correlation=1.0, level_difference_db=0.0)
    powers, product = np.zeros(2), 0.0
    # Blocks keep the float64 copies small: an hour of two channels is 460 MB already.
    for at in range(0, sound.samples.shape[1], BLOCK):
        pair = sound.samples[:2, at : at + BLOCK : STRIDE].astype(np.float64)
        powers += (pair * pair).sum(1)
        product += float(pair[0] @ pair[1])
    best = int(powers.argmax())
    difference = float(10 * np.log10((powers.min() + SILENCE) / (powers.max() + SILENCE)))
    correlation = product / float(np.sqrt(powers[0] * powers[1]) + SILENCE)
    if difference < DEAD_CHANNEL_DB:
        layout = ChannelLayout.DEAD_CHANNEL
    elif correlation > DUAL_MONO_CORRELATION:
        layout = ChannelLayout.DUAL_MONO
    elif correlation < INVERTED_CORRELATION:
        layout = ChannelLayout.INVERTED
    else:
        layout = ChannelLayout.STEREO
    return Channels(layout, best, correlation, difference)


def mono_for_recognition(sound: Sound, *, channels: Channels | None = None) -> NDArray[np.float32]:
    """Return one channel for recognition, shape (n,), never an average of inverted channels.

    Dead, doubled and inverted channels leave the strongest one; true stereo is averaged,
    because each voice may be nearer to another microphone.
    """
    channels = channels or measure_channels(sound)
    if channels.layout is not ChannelLayout.STEREO:
        return np.asarray(sound.samples[channels.best])
    mixed: NDArray[np.float32] = sound.samples[:2].mean(0, dtype=np.float32)
    return mixed
