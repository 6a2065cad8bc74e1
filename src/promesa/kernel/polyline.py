"""Paths as short text: Google's encoded polyline with five decimals (a grid of about 1 m)."""

from __future__ import annotations

from collections.abc import Iterable

from promesa.kernel.geo import Position

_SCALE = 100_000
_CHUNK_BITS = 5
_CHUNK_MASK = 0x1F
_MORE = 0x20
_OFFSET = 63


def encode_polyline(path: Iterable[Position]) -> str:
    """The path as text; coordinates are rounded to five decimals."""
    letters: list[str] = []
    lat = lon = 0
    for position in path:
        next_lat, next_lon = round(position.lat * _SCALE), round(position.lon * _SCALE)
        _write(next_lat - lat, letters)
        _write(next_lon - lon, letters)
        lat, lon = next_lat, next_lon
    return "".join(letters)


def decode_polyline(text: str) -> list[Position]:
    """The path of an encoded polyline; the empty text is an empty path.

    Raises:
        ValueError: The text is cut short or is no polyline.
    """
    numbers = _read(text)
    if len(numbers) % 2:
        raise ValueError("a polyline has a latitude and a longitude for each point")
    path: list[Position] = []
    lat = lon = 0
    for dlat, dlon in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + dlat, lon + dlon
        path.append(Position(lon=lon / _SCALE, lat=lat / _SCALE))
    return path


def _write(number: int, letters: list[str]) -> None:
    """Appends a signed number: the sign in the lowest bit, then five bits a letter, low first."""
    bits = ~(number << 1) if number < 0 else number << 1
    while bits >= _MORE:
        letters.append(chr((_MORE | (bits & _CHUNK_MASK)) + _OFFSET))
        bits >>= _CHUNK_BITS
    letters.append(chr(bits + _OFFSET))


def _read(text: str) -> list[int]:
    numbers: list[int] = []
    bits = shift = 0
    for letter in text:
        chunk = ord(letter) - _OFFSET
        if not 0 <= chunk < 2 * _MORE:
            raise ValueError("a letter that no polyline has")
        bits |= (chunk & _CHUNK_MASK) << shift
        shift += _CHUNK_BITS
        if chunk < _MORE:
            numbers.append(~(bits >> 1) if bits & 1 else bits >> 1)
            bits = shift = 0
    if shift:
        raise ValueError("the polyline is cut short")
    return numbers
