"""Pictures of simulated proofs: drawn, small, and marked as simulated."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from promesa.kernel.seeds import stream

_SIZE = (480, 360)
_WALLS = ((214, 203, 186), (186, 196, 204), (205, 186, 170), (190, 200, 184), (222, 216, 206))
_DOORS = ((92, 64, 51), (45, 70, 92), (120, 46, 40), (60, 82, 60))
_BOX = (196, 154, 108)


def draw_photo(reference: str) -> bytes:
    """A door with a box before it, as JPEG; the same order, the same picture."""
    draw = stream(0, "photo", reference)
    image = Image.new("RGB", _SIZE, draw.choice(_WALLS))
    pen = ImageDraw.Draw(image)
    left = draw.randrange(120, 240)
    pen.rectangle((0, 300, *_SIZE), fill=(150, 146, 138))
    pen.rectangle((left, 60, left + 130, 300), fill=draw.choice(_DOORS))
    pen.ellipse((left + 108, 175, left + 120, 187), fill=(230, 200, 90))
    across = draw.randrange(60, 330)
    size = draw.randrange(60, 110)
    pen.rectangle((across, 330 - size, across + size, 330), fill=_BOX, outline=(120, 90, 60))
    pen.line(
        (across, 330 - size // 2, across + size, 330 - size // 2), fill=(224, 214, 190), width=7
    )
    pen.text((10, 340), f"SIMULADO  {reference}", fill=(60, 60, 60))
    return _jpeg(image)


def draw_signature(reference: str) -> bytes:
    """A scribble on white, as JPEG."""
    draw = stream(0, "signature", reference)
    image = Image.new("RGB", (400, 160), (255, 255, 255))
    pen = ImageDraw.Draw(image)
    at = (40, 80)
    for _ in range(14):
        to = (at[0] + draw.randrange(8, 36), draw.randrange(35, 125))
        pen.line((*at, *to), fill=(20, 30, 90), width=3)
        at = to
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=70)
    return target.getvalue()
