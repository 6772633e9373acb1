"""The two who talk in the sample's picture.

Here live the figures and the ways they can be posed. When they move is in sample_motion.py. Both
are drawn facing right; the youth is mirrored into the other chair.
"""

from dataclasses import dataclass

from pipeline.rehearsal import SampleRole
from pipeline.rehearsal.recipe.sample_canvas import Canvas

_MIDDLE_X = 322
_NECK = (198.0, 150.0)
_EYE, _LIP, _MOUTH = "#2B2320", "#9C5A4A", "#5A2A26"


@dataclass(frozen=True, slots=True)
class Pose:
    """How one figure is at one moment; everything zero is sitting still."""

    breath: float = 0.0
    """From -1 (out) to 1 (in)."""
    nod: float = 0.0
    """Degrees that the head is bent forward."""
    sway: float = 0.0
    """Units that the head is shifted forward."""
    mouth: float = 0.0
    """From 0 (closed) to 1 (wide open)."""
    lids: float = 0.0
    """From 0 (eyes open) to 1 (closed)."""
    gesture: float = 0.0
    """From 0 (hands in the lap) to 1 (near hand raised)."""
    wave: float = 0.0
    """Units that the raised hand is off its place."""
    smile: float = 0.0
    """From -1 (corners of the mouth down) to 1 (up)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What tells one figure from the other."""

    skin: str
    skin_shadow: str
    hair: str
    top: str
    top_shadow: str
    trousers: str
    trousers_shadow: str
    shoe: str


_LOOKS = {
    SampleRole.CASEWORKER: Look(
        skin="#DBAE91",
        skin_shadow="#C9987B",
        hair="#6B4732",
        top="#44709A",
        top_shadow="#375C80",
        trousers="#3A4753",
        trousers_shadow="#2F3A45",
        shoe="#2B2522",
    ),
    SampleRole.YOUTH: Look(
        skin="#C6916E",
        skin_shadow="#B07C5B",
        hair="#2F2723",
        top="#CC7E40",
        top_shadow="#B56A30",
        trousers="#53647A",
        trousers_shadow="#455467",
        shoe="#EEE9DF",
    ),
}


def draw_figure(canvas: Canvas, *, role: SampleRole, pose: Pose) -> None:
    """Draw one of the two in the chair, posed."""
    look, is_youth = _LOOKS[role], role is SampleRole.YOUTH
    if is_youth:
        canvas = canvas.mirrored(about_x=_MIDDLE_X)
    _legs(canvas, look)
    lift = -0.9 * pose.breath
    _far_arm(canvas, look, lift=lift)
    _torso(canvas, look, lift=lift)
    head = canvas.moved(dx=pose.sway, dy=lift).turned(
        pose.nod + (5 if is_youth else 0), about=_NECK
    )
    canvas.moved(dy=lift).stroke([(197, 163), (200, 142)], width=19, ink=look.skin_shadow)
    if is_youth:
        _hood(canvas.moved(dy=lift), look)
        _head(head, look, pose)
        _short_hair(head, look)
    else:
        _collar(canvas.moved(dy=lift), look)
        _long_hair_behind(head, look)
        _head(head, look, pose)
        _fringe(head, look)
        _notebook(canvas)
    _near_arm(canvas, look, pose=pose, lift=lift)


def _legs(canvas: Canvas, look: Look) -> None:
    canvas.stroke([(196, 243), (250, 243)], width=31, ink=look.trousers_shadow)
    canvas.stroke([(252, 247), (250, 280), (247, 312)], width=23, ink=look.trousers_shadow)
    canvas.blob(
        [(236, 320), (238, 313), (256, 312), (270, 318), (271, 323), (236, 323)], fill=look.shoe
    )
    canvas.stroke([(188, 242), (268, 246)], width=34, ink=look.trousers)
    canvas.stroke([(270, 250), (271, 284), (268, 316)], width=25, ink=look.trousers)
    canvas.blob(
        [(255, 327), (256, 317), (276, 316), (294, 323), (295, 329), (255, 329)], fill=look.shoe
    )
    canvas.stroke([(257, 329), (293, 329)], width=1.6, ink="#8F8473")


def _torso(canvas: Canvas, look: Look, *, lift: float) -> None:
    canvas.blob(
        [
            (160, 252),
            (155, 214),
            (159, 178 + lift / 2),
            (172, 160 + lift),
            (194, 154 + lift),
            (214, 159 + lift),
            (227, 176 + lift / 2),
            (231, 212),
            (231, 250),
            (196, 256),
        ],
        fill=look.top,
    )
    canvas.stroke([(221, 200), (222, 224), (216, 243)], width=2, ink=look.top_shadow)


def _far_arm(canvas: Canvas, look: Look, *, lift: float) -> None:
    canvas.stroke([(214, 176 + lift), (232, 212), (258, 221)], width=17, ink=look.top_shadow)
    canvas.oval((266, 223), (9, 7.5), fill=look.skin_shadow)


def _near_arm(canvas: Canvas, look: Look, *, pose: Pose, lift: float) -> None:
    g = pose.gesture
    elbow = (188 + 12 * g, 221 - 3 * g)
    wrist = (238 + 8 * g, 225 - 33 * g + pose.wave)
    hand = (wrist[0] + 10 - 1 * g, wrist[1] - 1 - 6 * g)
    canvas.stroke(
        [(178, 177 + lift), (178 + 3 * g, 203), elbow, (214 + 9 * g, 226 - 14 * g), wrist],
        width=19,
        ink=look.top_shadow,
    )
    canvas.stroke([wrist, hand], width=10, ink=look.skin)
    canvas.oval(hand, (8.6, 8), fill=look.skin)
    for spread, reach in ((-5.5, 8.5), (-1.5, 10.5), (2.5, 9.5)):
        tip = (hand[0] + 6 + reach * (0.35 + 0.3 * g), hand[1] + spread + 4 - 9 * g)
        canvas.stroke([(hand[0] + 2, hand[1] + spread / 2), tip], width=4.6, ink=look.skin)
    canvas.stroke(
        [(hand[0] - 1, hand[1] - 4), (hand[0] + 3 - 2 * g, hand[1] - 9 - 3 * g)],
        width=4.6,
        ink=look.skin,
    )


def _head(canvas: Canvas, look: Look, pose: Pose) -> None:
    canvas.blob(
        [
            (181, 118),
            (188, 99),
            (206, 94),
            (222, 101),
            (228, 118),
            (226, 134),
            (217, 147),
            (206, 150),
            (193, 143),
            (184, 132),
        ],
        fill=look.skin,
    )
    canvas.blob([(226, 117), (231, 126), (226, 129)], fill=look.skin)
    canvas.oval((189, 126), (4.6, 6.4), fill=look.skin_shadow)
    canvas.oval((205, 134), (5, 3.4), fill=_blend(look.skin, "#D9806A", share=0.25))
    for x, half_width in ((209.5, 2.1), (221.5, 1.8)):
        if pose.lids > 0.5:  # noqa: PLR2004 - half shut is drawn shut
            canvas.stroke([(x - 3, 121.5), (x, 122.8), (x + 2.6, 121.5)], width=1.3, ink=_EYE)
        else:
            canvas.oval((x, 121), (half_width, 2.7), fill=_EYE)
            canvas.oval((x + 0.7, 120.2), (0.6, 0.7), fill="#FFFFFF")
    up = pose.mouth * 0.8
    for brow in (
        [(205.4, 115.4 - up), (209.4, 113.2 - up), (213, 112.8 - up)],
        [(217.6, 112.9 - up), (221.4, 112.7 - up), (224.8, 114.6 - up)],
    ):
        canvas.stroke(brow, width=1.5, ink=look.hair)
    canvas.stroke([(226, 129), (224.6, 130.2)], width=1.1, ink=look.skin_shadow)
    if pose.mouth > 0.12:  # noqa: PLR2004 - below this the lips touch
        canvas.oval((216, 138.6), (4.8 - pose.mouth, 1 + 3.4 * pose.mouth), fill=_MOUTH)
        canvas.oval((216, 139.6 + 2 * pose.mouth), (2.6, 0.5 + 0.9 * pose.mouth), fill=_LIP)
    else:
        rise = 1.6 * pose.smile
        canvas.stroke(
            [(210.8, 138.6 - rise), (216, 138.8 + 0.6 * rise), (220.8, 138.2 - rise)],
            width=1.5,
            ink=_LIP,
        )


def _long_hair_behind(canvas: Canvas, look: Look) -> None:
    canvas.blob(
        [
            (176, 122),
            (179, 98),
            (198, 86),
            (219, 90),
            (226, 104),
            (206, 112),
            (196, 130),
            (194, 148),
            (182, 157),
            (172, 150),
        ],
        fill=look.hair,
    )


def _fringe(canvas: Canvas, look: Look) -> None:
    canvas.blob(
        [
            (177, 122),
            (180, 99),
            (198, 86),
            (218, 90),
            (229, 108),
            (216, 106),
            (204, 103),
            (196, 112),
            (191, 122),
            (185, 140),
            (177, 146),
        ],
        fill=look.hair,
    )
    canvas.stroke(
        [(184, 112), (194, 97), (211, 94)], width=1.3, ink=_blend(look.hair, "#FFFFFF", share=0.18)
    )


def _short_hair(canvas: Canvas, look: Look) -> None:
    canvas.blob(
        [
            (180, 126),
            (175, 108),
            (184, 93),
            (202, 86),
            (222, 90),
            (233, 101),
            (226, 107),
            (214, 104),
            (204, 108),
            (194, 110),
            (191, 119),
            (187, 128),
        ],
        fill=look.hair,
    )
    canvas.stroke(
        [(186, 104), (199, 94), (215, 95)], width=1.3, ink=_blend(look.hair, "#FFFFFF", share=0.16)
    )


def _hood(canvas: Canvas, look: Look) -> None:
    canvas.blob(
        [
            (170, 164),
            (174, 150),
            (188, 145),
            (206, 152),
            (222, 158),
            (218, 169),
            (200, 172),
            (182, 172),
        ],
        fill=look.top_shadow,
    )
    canvas.stroke([(207, 168), (209, 184)], width=1.6, ink="#EADCCB")
    canvas.stroke([(214, 167), (217, 181)], width=1.6, ink="#EADCCB")


def _collar(canvas: Canvas, look: Look) -> None:
    canvas.blob(
        [(184, 158), (198, 170), (213, 159), (207, 155), (198, 160), (189, 155)], fill="#EDE7DA"
    )
    canvas.stroke([(199, 172), (200, 186)], width=1.2, ink=look.top_shadow)


def _notebook(canvas: Canvas) -> None:
    canvas.polygon([(242, 214), (284, 206), (291, 222), (249, 231)], fill="#EFE9DB")
    canvas.polygon([(242, 214), (284, 206), (285.5, 209), (243.5, 217)], fill="#C86F5A")
    for k in range(3):
        canvas.stroke(
            [(251 + 2 * k, 220 + 3 * k), (277 + 2 * k, 215 + 3 * k)], width=0.8, ink="#C7BFAE"
        )


def _blend(colour: str, other: str, *, share: float) -> str:
    """Return a colour mixed with a share of another."""
    parts = (
        round(int(colour[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)
