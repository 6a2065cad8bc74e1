"""Strangers' pictures: cleaned or refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from promesa.kernel.errors import InvalidError
from promesa.proof.pictures import (
    CONTENT_BYTES_MAX,
    SIDE_PX_MAX,
    PictureError,
    clean_picture,
    picture_kind,
)

GPS_IFD, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims so many pixels in a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0"))


def chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_we_know_becomes_a_jpeg(kind: str) -> None:
    picture = clean_picture(encoded(Image.new("RGB", (40, 30), "red"), kind))
    image = opened(picture.content)
    assert (image.format, image.size) == ("JPEG", (40, 30))
    assert (picture.width_px, picture.height_px, picture.media_type) == (40, 30, "image/jpeg")


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[MAKE] = "Teléfono de Ana"
    exif.get_ifd(GPS_IFD)[2] = (33.0, 27.0, 0.0)
    dirty = encoded(Image.new("RGB", (40, 30)), "JPEG", exif=exif.tobytes())
    assert b"Exif" in dirty
    image = opened(clean_picture(dirty).content)
    assert dict(image.getexif()) == {}
    assert "exif" not in image.info


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # Turned by 90 degrees.
    sideways = encoded(Image.new("RGB", (40, 30)), "JPEG", exif=exif.tobytes())
    picture = clean_picture(sideways)
    assert (picture.width_px, picture.height_px) == (30, 40)


def test_a_large_one_is_shrunk_and_keeps_its_shape() -> None:
    picture = clean_picture(encoded(Image.new("RGB", (4000, 3000), "blue"), "JPEG"))
    assert (picture.width_px, picture.height_px) == (SIDE_PX_MAX, 1200)


def test_a_signature_on_a_transparent_ground_is_black_on_white() -> None:
    drawing = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    drawing.paste((0, 0, 0, 255), (5, 5, 15, 15))
    greys = opened(clean_picture(encoded(drawing, "PNG")).content).convert("L").tobytes()
    # Row 1 column 1 is ground, row 10 column 10 is ink; JPEG blurs both a little.
    assert greys[20 * 1 + 1] > 240
    assert greys[20 * 10 + 10] < 15


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 a spreadsheet", b"<svg onload=alert(1)>", b"GIF89a", b"%PDF-1.7"],
)
def test_what_is_no_picture_of_a_kind_we_know_is_refused(content: bytes) -> None:
    assert picture_kind(content) is None
    with pytest.raises(PictureError, match="JPEG, PNG o WebP"):
        clean_picture(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_short_is_refused(kind: str) -> None:
    whole = encoded(Image.effect_noise((60, 60), 50).convert("RGB"), kind)
    with pytest.raises(PictureError, match="dañada"):
        clean_picture(whole[: len(whole) // 2])


def test_a_name_or_header_does_not_make_a_picture() -> None:
    with pytest.raises(PictureError):
        clean_picture(b"\xff\xd8\xff" + b"not really" * 100)


@pytest.mark.parametrize(("width", "height"), [(9000, 6000), (12_000, 9_000), (60_000, 60_000)])
def test_more_pixels_than_the_limit_are_refused_before_they_are_decoded(
    width: int, height: int
) -> None:
    with pytest.raises(PictureError, match="píxeles"):
        clean_picture(bomb(width, height))


def test_a_file_too_heavy_is_refused_unread() -> None:
    with pytest.raises(PictureError, match="12 MB"):
        clean_picture(b"\xff\xd8\xff" + bytes(CONTENT_BYTES_MAX))


def test_a_refusal_is_the_senders_to_correct() -> None:
    assert issubclass(PictureError, InvalidError)
    assert PictureError.code == "picture_not_usable"
