"""Fits a text into one short message: 160 letters of the GSM 03.38 alphabet.

That alphabet has é, ñ and ü but not á, í, ó, ú: one such letter would switch the whole message
to UCS-2 and its limit to 70, so those lose their accent (ETSI TS 123 038, clause 6.2.1).
"""

from __future__ import annotations

import unicodedata

SMS_LENGTH_MAX = 160
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# In the extension table: each takes two places.
_GSM_EXTENDED = frozenset("^{}\\[~]|€")
_ALIKE = {"–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "\u2018": "'", "…": "...", "·": "-"}


def fit_sms(whole: str, terse: str) -> str:
    """``whole`` in GSM letters if one message holds it, else ``terse`` (however long that is)."""
    text = to_gsm(whole)
    return text if gsm_length(text) <= SMS_LENGTH_MAX else to_gsm(terse)


def to_gsm(text: str) -> str:
    """The text in letters of the GSM alphabet; one with no likeness becomes a question mark."""
    return "".join(_letter(letter) for letter in text)


def gsm_length(text: str) -> int:
    """Places it takes of the 160; letters of the extension table take two."""
    return sum(2 if letter in _GSM_EXTENDED else 1 for letter in text)


def _letter(letter: str) -> str:
    if letter in _GSM or letter in _GSM_EXTENDED:
        return letter
    if letter in _ALIKE:
        return _ALIKE[letter]
    bare = "".join(c for c in unicodedata.normalize("NFD", letter) if c in _GSM)
    return bare or "?"
