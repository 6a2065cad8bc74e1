"""Makes a stranger's picture safe to keep and to show: checked, shrunk, re-encoded, no EXIF.

The type is told by the first bytes, never by a name or a header. What is not a picture of a kind
we know is refused with a sentence. It encrypts and stores nothing.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import ClassVar

from PIL import Image, ImageOps

from promesa.kernel.errors import InvalidError

CONTENT_BYTES_MAX = 12_000_000  # What the API lets a photo weigh.
# A 50 MP phone sensor at full size; decoded that is 150 MB, the most we give one picture.
PIXELS_MAX = 50_000_000
SIDE_PX_MAX = 1600
# Text on a label stays readable at 82, and a 1600 px photo weighs about 300 kB.
JPEG_QUALITY = 82
MEDIA_TYPE = "image/jpeg"
_WHITE = (255, 255, 255)


class PictureError(InvalidError):
    """The file cannot be used as a picture."""

    code: ClassVar[str] = "picture_not_usable"
    message: ClassVar[str] = "El archivo no es una foto que podamos leer. Toma otra."


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG without metadata, at most SIDE_PX_MAX on its longer side."""

    content: bytes
    width_px: int
    height_px: int
    media_type: str = MEDIA_TYPE


def clean_picture(content: bytes) -> Picture:
    """The picture re-encoded as JPEG, upright, without EXIF; a transparent ground turns white.

    Costs up to 3 bytes of memory a pixel, 150 MB at the limit; run it outside the event loop.

    Raises:
        PictureError: Too heavy, too many pixels, of another type, or damaged.
    """
    if len(content) > CONTENT_BYTES_MAX:
        raise PictureError("La foto pesa más de 12 MB. Toma una más liviana.")
    kind = picture_kind(content)
    if kind is None:
        raise PictureError("Sólo se aceptan fotos JPEG, PNG o WebP. Toma otra con la cámara.")
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            return _encoded(_shrunk(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels() from bomb
    except (OSError, SyntaxError, ValueError, struct.error, EOFError, MemoryError) as damage:
        raise PictureError("La foto llegó dañada. Vuelve a tomarla.") from damage


def picture_kind(content: bytes) -> str | None:
    """JPEG, PNG or WEBP by the magic bytes; None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    return None


def _shrunk(image: Image.Image) -> Image.Image:
    """Checked before a pixel is decoded, then no bigger than we keep it."""
    if image.width * image.height > PIXELS_MAX:
        raise _too_many_pixels()
    image.draft("RGB", (SIDE_PX_MAX, SIDE_PX_MAX))  # JPEG alone: decodes at a fraction of the size.
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX))
    return upright


def _encoded(image: Image.Image) -> Picture:
    """As JPEG on a white ground; a new canvas carries no metadata of the old file."""
    canvas = Image.new("RGB", image.size, _WHITE)
    layer = image.convert("RGBA")
    canvas.paste(layer, mask=layer.getchannel("A"))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Picture(content=out.getvalue(), width_px=canvas.width, height_px=canvas.height)


def _too_many_pixels() -> PictureError:
    return PictureError("La foto tiene demasiados píxeles. Baja la resolución de la cámara.")
