"""The room of the sample: two voices as a small device with two capsules would record them.

Here live the geometry, the reflections and the noise. The device stands a good metre in front of
the two, so each voice reaches one capsule before the other; that is what tells them apart in a
stereo recording. Source of the method: Allen & Berkley (1979), image method for small rooms.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve, lfilter

from pipeline.rehearsal import SampleRole
from pipeline.rehearsal.recipe.espeak import Samples
from pipeline.rehearsal.recipe.sample_voices import RATE

Point = npt.NDArray[np.float64]

_SOUND_M_PER_S = 343.0
_ROOM_M = np.array([4.4, 3.8, 2.5])
_DEVICE_M = np.array([2.2, 0.8, 1.05])
_APART_M = 0.14
_CAPSULES_M = tuple(_DEVICE_M + np.array([x, 0, 0]) for x in (-_APART_M / 2, _APART_M / 2))
_MOUTHS_M = {
    SampleRole.CASEWORKER: np.array([1.35, 1.75, 1.2]),
    SampleRole.YOUTH: np.array([3.15, 1.85, 1.12]),
}
_REFLECTED = 0.42  # of the pressure: curtains, armchairs, a rug
_OUTWARD_DEG = 35.0  # the capsules look to either side
_DECAY_S = 0.22
_TAIL_DB = -16.0
_TAIL_DELAY_S = 0.012
_NOISE_DB = -38.0
_NOISE_COLOUR = 0.9
_HALF_TAPS = 32
_PEAK = 0.7


def record(dry: Mapping[SampleRole, Samples], *, seed: int) -> Samples:
    """Return both voices in the room, samples by two channels, at 48 kHz."""
    rng = np.random.default_rng(seed)
    length = len(next(iter(dry.values())))
    heard = np.zeros((length, len(_CAPSULES_M)))
    for role, voice in dry.items():
        for channel, response in enumerate(_responses(_MOUTHS_M[role], rng=rng)):
            heard[:, channel] += fftconvolve(voice, response)[:length]
    speech = np.sqrt((heard[np.abs(heard).max(axis=1) > np.abs(heard).max() / 100] ** 2).mean())
    noise = lfilter([1.0], [1.0, -_NOISE_COLOUR], rng.standard_normal(heard.shape), axis=0)
    heard += noise / noise.std() * speech * 10 ** (_NOISE_DB / 20)
    recorded: Samples = (heard * _PEAK / np.abs(heard).max()).astype(np.float32)
    return recorded


def _responses(mouth: Point, *, rng: np.random.Generator) -> list[npt.NDArray[np.float64]]:
    """Return what each capsule hears of a click at the mouth: direct, six walls, a faint tail."""
    length = int((_TAIL_DELAY_S + _DECAY_S) * RATE)
    seconds = np.arange(length) / RATE
    envelope = np.exp(-6.9 * seconds / _DECAY_S) * (seconds > _TAIL_DELAY_S)
    responses = []
    for side, capsule in zip((-1.0, 1.0), _CAPSULES_M, strict=True):
        response = np.zeros(length)
        _add_arrival(response, mouth, capsule=capsule, side=side, gain=1.0)
        direct_energy = (response**2).sum()
        for image in _images(mouth):
            _add_arrival(response, image, capsule=capsule, side=side, gain=_REFLECTED)
        tail = rng.standard_normal(length) * envelope
        tail *= np.sqrt(direct_energy * 10 ** (_TAIL_DB / 10) / (tail**2).sum())
        responses.append(response + tail)
    return responses


def _images(mouth: Point) -> list[Point]:
    """Return the mouth mirrored in each of the six surfaces."""
    images = []
    for axis in range(3):
        for wall in (0.0, _ROOM_M[axis]):
            image = mouth.copy()
            image[axis] = 2 * wall - mouth[axis]
            images.append(image)
    return images


def _add_arrival(
    response: npt.NDArray[np.float64], source: Point, *, capsule: Point, side: float, gain: float
) -> None:
    """Add one arrival in place: delayed to a fraction of a sample, weaker with distance."""
    way = source - capsule
    distance = float(np.linalg.norm(way))
    facing = np.array(
        [side * np.sin(np.radians(_OUTWARD_DEG)), np.cos(np.radians(_OUTWARD_DEG)), 0]
    )
    directivity = 0.75 + 0.25 * float(way @ facing) / distance
    delay = distance / _SOUND_M_PER_S * RATE
    taps = np.arange(int(delay) - _HALF_TAPS, int(delay) + _HALF_TAPS + 1)
    window = np.cos(np.pi * (taps - delay) / (2 * _HALF_TAPS + 2)) ** 2
    response[taps] += gain * directivity / distance * np.sinc(taps - delay) * window
