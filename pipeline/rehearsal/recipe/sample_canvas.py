"""A drawing surface for the sample's picture: smooth, anti-aliased shapes in the scene's own units.

Here lives how a shape becomes pixels. What is drawn is in sample_scenery.py and sample_figures.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 640, 360
"""The scene's units; the film has half as many pixels again."""

PIXELS_WIDE, PIXELS_HIGH = 960, 540
_SCALE = 3  # drawn at twice the film's size and then averaged: smooth edges
_SUBPIXEL_BITS = 4
_STEPS = 10


@dataclass(frozen=True, slots=True)
class Canvas:
    """An image to draw on, and where a shape's own coordinates lie in the scene."""

    image: Image
    transform: npt.NDArray[np.float64]

    @staticmethod
    def on(image: Image) -> "Canvas":
        """Return a canvas on an image of canvas_size()."""
        return Canvas(image=image, transform=np.eye(3))

    def moved(self, *, dx: float = 0.0, dy: float = 0.0) -> "Canvas":
        """Return the same image with coordinates shifted."""
        return self._with(np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1.0]]))

    def mirrored(self, *, about_x: float) -> "Canvas":
        """Return the same image with left and right exchanged."""
        return self._with(np.array([[-1, 0, 2 * about_x], [0, 1, 0], [0, 0, 1.0]]))

    def turned(self, degrees: float, *, about: tuple[float, float]) -> "Canvas":
        """Return the same image with coordinates turned clockwise about a point."""
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        x, y = about
        return self._with(
            np.array([[c, -s, x - c * x + s * y], [s, c, y - s * x - c * y], [0, 0, 1.0]])
        )

    def _with(self, matrix: npt.NDArray[np.float64]) -> "Canvas":
        return Canvas(image=self.image, transform=self.transform @ matrix)

    def polygon(self, points: Points, *, fill: str) -> None:
        """Draw a shape with straight edges."""
        cv2.fillPoly(
            self.image, [self._pixels(points)], _rgb(fill), cv2.LINE_AA, shift=_SUBPIXEL_BITS
        )

    def blob(self, points: Points, *, fill: str) -> None:
        """Draw a shape whose outline runs smoothly through the points."""
        self.polygon(_smooth(points, closed=True), fill=fill)

    def oval(self, centre: tuple[float, float], radii: tuple[float, float], *, fill: str) -> None:
        """Draw an ellipse."""
        angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        self.polygon(
            [(centre[0] + radii[0] * np.cos(a), centre[1] + radii[1] * np.sin(a)) for a in angles],
            fill=fill,
        )

    def stroke(self, points: Points, *, width: float, ink: str) -> None:
        """Draw a line with round ends, smoothly through the points."""
        cv2.polylines(
            self.image,
            [self._pixels(_smooth(points, closed=False))],
            isClosed=False,
            color=_rgb(ink),
            thickness=max(1, round(width * _SCALE)),
            lineType=cv2.LINE_AA,
            shift=_SUBPIXEL_BITS,
        )

    def _pixels(self, points: Points) -> npt.NDArray[np.int32]:
        placed = np.column_stack([np.asarray(points, float), np.ones(len(points))])
        scene = placed @ self.transform.T
        pixels: npt.NDArray[np.int32] = np.rint(scene[:, :2] * _SCALE * 2**_SUBPIXEL_BITS).astype(
            np.int32
        )
        return pixels


def blank(colour: str) -> Image:
    """Return an image to draw on, in one colour."""
    return np.full((HEIGHT * _SCALE, WIDTH * _SCALE, 3), _rgb(colour), np.uint8)


def shade(image: Image, *, where: Points, strength: float, softness: float) -> Image:
    """Return the image with a soft shadow under a smooth outline; a negative strength lightens."""
    mask = np.zeros_like(image)
    Canvas.on(mask).blob(where, fill="#FFFFFF")
    soft = cv2.GaussianBlur(mask, (0, 0), softness * _SCALE).astype(np.float32) / 255
    return np.clip(image * (1 - strength * soft), 0, 255).astype(np.uint8)


def to_film(image: Image) -> Image:
    """Return the image at the film's size."""
    small = cv2.resize(image, (PIXELS_WIDE, PIXELS_HIGH), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _rgb(colour: str) -> tuple[int, int, int]:
    """Return the parts of "#RRGGBB"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _smooth(points: Points, *, closed: bool) -> list[tuple[float, float]]:
    """Return a Catmull-Rom curve through the points."""
    known = np.asarray(points, float)
    ends = (known[-1:], known[:2]) if closed else (known[:1], known[-1:])
    p = np.concatenate([ends[0], known, ends[1]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    curve = [
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return [(x, y) for x, y in np.concatenate([*curve, known[:1] if closed else known[-1:]])]
