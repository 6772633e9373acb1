"""What never moves in the sample's picture: a room with a window, two armchairs, a table, a plant.

Here live the drawings that are made once. Who sits in the chairs is in sample_figures.py.
"""

from pipeline.rehearsal.recipe.sample_canvas import Canvas, Image, blank, shade

_WALL, _FLOOR, _SKIRTING, _RUG, _RUG_EDGE = "#D9D1C1", "#AD9070", "#C3B8A3", "#C0A786", "#B39974"
_FRAME, _SKY, _FAR_HILL, _NEAR_HILL, _CURTAIN, _FOLD = (
    "#F5F1E7",
    "#CFE2E6",
    "#B3C7B4",
    "#98B29A",
    "#E9E1D1",
    "#DCD2BE",
)
_WOOD, _DARK_WOOD, _PALE_WOOD = "#8C6C4A", "#6C5339", "#A07F59"


def room() -> Image:
    """Return the empty room."""
    image = blank(_WALL)
    canvas = Canvas.on(image)
    canvas.polygon([(0, 252), (640, 252), (640, 360), (0, 360)], fill=_FLOOR)
    canvas.polygon([(0, 246), (640, 246), (640, 253), (0, 253)], fill=_SKIRTING)
    image = shade(
        image,
        where=[(215, 10), (430, 10), (520, 180), (330, 235), (140, 180)],
        strength=-0.07,
        softness=40,
    )
    image = shade(image, where=[(0, 0), (60, 150), (0, 360)], strength=0.08, softness=30)
    image = shade(image, where=[(640, 0), (590, 150), (640, 360)], strength=0.08, softness=30)
    canvas = Canvas.on(image)
    _floor_and_rug(canvas)
    image = shade(
        image, where=[(266, 44), (400, 44), (401, 160), (265, 160)], strength=0.1, softness=4
    )
    _window(Canvas.on(image))
    image = shade(
        image, where=[(78, 64), (142, 64), (142, 112), (78, 112)], strength=0.14, softness=3
    )
    canvas = Canvas.on(image)
    _picture(canvas)
    _shelf(canvas)
    image = _ground_shadows(image)
    canvas = Canvas.on(image)
    _plant(canvas)
    _armchair(canvas, cloth="#82948C", shadow="#718279", seat="#778A82")
    _armchair(canvas.mirrored(about_x=322), cloth="#9A8A74", shadow="#877762", seat="#8F7F69")
    return image


def table(canvas: Canvas) -> None:
    """Draw the table in front, with a glass, some paper and the recording device."""
    canvas.stroke([(322, 272), (322, 312)], width=9, ink=_DARK_WOOD)
    canvas.oval((322, 314), (28, 5.5), fill=_DARK_WOOD)
    canvas.oval((322, 268), (51, 11), fill=_DARK_WOOD)
    canvas.oval((322, 265), (51, 11), fill=_WOOD)
    canvas.oval((322, 264.4), (46, 9), fill=_PALE_WOOD)
    canvas.polygon([(296, 264), (322, 260), (333, 267), (306, 271.5)], fill="#FBF8F0")
    canvas.stroke([(304, 265.5), (319, 263.2)], width=0.8, ink="#C9C3B4")
    canvas.stroke([(307, 267.5), (323, 265)], width=0.8, ink="#C9C3B4")
    canvas.polygon([(343, 247), (355, 247), (353.4, 263), (344.6, 263)], fill="#DDEBEC")
    canvas.polygon([(343.7, 253), (354.4, 253), (353.4, 263), (344.6, 263)], fill="#BFDDE2")
    canvas.oval((349, 247), (6, 1.5), fill="#F2F8F8")
    canvas.polygon([(325, 268), (338, 268), (340, 273), (326, 273)], fill="#3B4148")
    canvas.oval((329, 270.5), (1.2, 1.2), fill="#C8483C")


def _floor_and_rug(canvas: Canvas) -> None:
    """Draw the boards and an oval rug."""
    for y in (268, 290, 318, 348):
        canvas.stroke([(0, y), (640, y)], width=0.7, ink="#A3876A")
    canvas.oval((322, 316), (236, 36), fill=_RUG_EDGE)
    canvas.oval((322, 315), (230, 34), fill=_RUG)
    canvas.oval((322, 315), (206, 28.5), fill="#BAA07E")
    canvas.oval((322, 315), (202, 27.5), fill=_RUG)


def _window(canvas: Canvas) -> None:
    """Draw a window with hills outside and curtains."""
    canvas.polygon([(264, 34), (400, 34), (400, 158), (264, 158)], fill=_FRAME)
    canvas.polygon([(272, 42), (392, 42), (392, 150), (272, 150)], fill=_SKY)
    canvas.oval((362, 66), (9, 9), fill="#F4EFD8")
    for x, y in ((294, 66), (304, 62), (313, 67)):
        canvas.oval((x, y), (10, 4.5), fill="#E6F0F1")
    canvas.polygon(
        [
            (272, 122),
            (290, 110),
            (312, 116),
            (340, 104),
            (368, 114),
            (392, 106),
            (392, 150),
            (272, 150),
        ],
        fill=_FAR_HILL,
    )
    canvas.polygon(
        [(272, 128), (296, 124), (330, 131), (362, 124), (392, 127), (392, 150), (272, 150)],
        fill=_NEAR_HILL,
    )
    canvas.polygon([(328.5, 42), (335.5, 42), (335.5, 150), (328.5, 150)], fill=_FRAME)
    canvas.polygon([(260, 156), (404, 156), (404, 162), (260, 162)], fill="#E6DFCF")
    for side in (canvas, canvas.mirrored(about_x=332)):
        side.polygon(
            [(250, 28), (281, 28), (279, 80), (270, 128), (266, 168), (247, 168)], fill=_CURTAIN
        )
        side.stroke([(260, 32), (259, 100), (254, 164)], width=1.6, ink=_FOLD)
        side.stroke([(271, 32), (269, 90), (262, 150)], width=1.6, ink=_FOLD)
    canvas.stroke([(242, 28), (422, 28)], width=3, ink=_DARK_WOOD)


def _picture(canvas: Canvas) -> None:
    """Draw a framed landscape."""
    canvas.polygon([(72, 56), (144, 56), (144, 110), (72, 110)], fill="#B79A75")
    canvas.polygon([(75, 59), (141, 59), (141, 107), (75, 107)], fill="#F1EADC")
    canvas.polygon([(82, 66), (134, 66), (134, 100), (82, 100)], fill="#DCE5E1")
    canvas.polygon([(82, 100), (98, 78), (110, 91), (119, 83), (134, 100)], fill="#B6A988")
    canvas.oval((122, 74), (4, 4), fill="#E9C48B")


def _shelf(canvas: Canvas) -> None:
    """Draw a small shelf with books on the right wall."""
    books = (("#7E6A8C", 9, 26), ("#C07C4F", 7, 30), ("#5E8187", 10, 24), ("#D2B16C", 6, 28))
    x = 482.0
    for colour, wide, high in books:
        canvas.polygon(
            [(x, 96 - high), (x + wide, 96 - high), (x + wide, 96), (x, 96)], fill=colour
        )
        x += wide + 1
    canvas.blob([(526, 96), (524, 86), (532, 80), (540, 86), (538, 96)], fill="#CDA98A")
    canvas.polygon([(472, 96), (552, 96), (552, 101), (472, 101)], fill=_PALE_WOOD)


def _ground_shadows(image: Image) -> Image:
    """Return the room with soft shadows where furniture and feet stand."""
    for centre, wide, high in (
        ((190, 314), 80, 9),
        ((454, 314), 80, 9),
        ((322, 318), 50, 7),
        ((570, 304), 34, 7),
    ):
        x, y = centre
        image = shade(
            image,
            where=[(x - wide, y), (x, y - high), (x + wide, y), (x, y + high)],
            strength=0.2,
            softness=5,
        )
    return image


def _plant(canvas: Canvas) -> None:
    """Draw a tall plant in a pot."""
    leaves = (
        ([(569, 252), (560, 214), (536, 180), (541, 224)], "#64836A"),
        ([(569, 252), (575, 208), (604, 170), (594, 222)], "#64836A"),
        ([(569, 250), (572, 200), (566, 146), (556, 200)], "#7A9A7A"),
        ([(569, 254), (592, 224), (622, 208), (600, 240)], "#739272"),
        ([(569, 254), (548, 232), (520, 222), (540, 246)], "#739272"),
    )
    for outline, colour in leaves:
        canvas.blob(outline, fill=colour)
        canvas.stroke([outline[0], outline[2]], width=1, ink="#8FAC8C")
    canvas.polygon([(545, 250), (593, 250), (586, 302), (552, 302)], fill="#C9A482")
    canvas.polygon([(542, 246), (596, 246), (595, 256), (543, 256)], fill="#D4B192")


def _armchair(canvas: Canvas, *, cloth: str, shadow: str, seat: str) -> None:
    """Draw an armchair seen from its left side, facing right."""
    for x in (139, 238):
        canvas.stroke([(x, 268), (x, 312)], width=7.5, ink="#5D4833")
    canvas.blob(
        [
            (124, 256),
            (119, 200),
            (116, 160),
            (126, 138),
            (158, 132),
            (198, 134),
            (214, 150),
            (216, 200),
            (214, 256),
        ],
        fill=shadow,
    )
    canvas.blob(
        [
            (132, 256),
            (127, 200),
            (124, 162),
            (133, 143),
            (160, 138),
            (194, 139),
            (208, 154),
            (210, 200),
            (208, 256),
        ],
        fill=cloth,
    )
    canvas.blob(
        [
            (123, 262),
            (124, 246),
            (140, 239),
            (190, 238),
            (240, 240),
            (254, 248),
            (255, 262),
            (240, 271),
            (190, 272),
            (138, 271),
        ],
        fill=seat,
    )
    canvas.stroke([(130, 259), (190, 261), (249, 259)], width=1.4, ink=shadow)
