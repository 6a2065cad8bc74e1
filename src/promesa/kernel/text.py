"""Text made comparable, whoever typed it."""

from __future__ import annotations

import unicodedata


def bare(text: str) -> str:
    """Lower case without accents; ``Ñuñoa`` becomes ``nunoa``."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
