"""Text as people type it, made comparable: without case, accents, odd spaces or control signs."""

from __future__ import annotations

import re
import unicodedata

from promesa.kernel.text import bare

_NO_WORD = re.compile(r"[^a-z0-9]+")
# "N°", "Nº", "N.º" and "No." all say number; º would become the letter o further down.
_NUMBER_SIGN = re.compile(r"\bn\s*\.?\s*[°º]|#|№", re.IGNORECASE)
_NUMBER_WORDS = frozenset({"n", "no", "nro", "num", "numero"})


def tidy(text: str) -> str:
    """The text in one line, composed (NFC), without control characters or doubled spaces."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    spaced = " ".join(composed.split())
    if spaced.isprintable():
        return spaced
    return "".join(sign for sign in spaced if sign.isprintable()).strip()


def words_of(text: str) -> list[str]:
    """The words of a text, comparable; every way to write number is ``numero``."""
    plain = bare(_NUMBER_SIGN.sub(" numero ", text))
    words = [word for word in _NO_WORD.split(plain) if word]
    return ["numero" if word in _NUMBER_WORDS else word for word in words]
