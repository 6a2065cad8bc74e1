"""Finding a person by the beginning of a word without keeping any word.

Only keyed digests of word beginnings are kept: whoever reads the table without the tenant's key
learns neither names nor addresses, and erasing the person erases them too.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from promesa.domain.person import Person
from promesa.kernel.text import bare

# Fewer letters match half the city; more than eight tell nobody apart.
PREFIX_CHARS = (3, 4, 5, 6, 7, 8)
# The last digits are what people say of a phone number.
PHONE_DIGITS = (4, 8, 9)
WORDS_MAX = 24
QUERY_WORDS_MAX = 6
DIGEST_BYTES = 8


def digests_of_person(key: bytes, person: Person) -> set[int]:
    """Digests of all beginnings of the words of name, RUT, address and e-mail, and of the phone."""
    named = (person.name, person.rut, person.address_line, person.unit, person.email)
    text = " ".join(filter(None, named))
    beginnings = {
        word[:length]
        for word in _words(text)[:WORDS_MAX]
        for length in PREFIX_CHARS
        if len(word) >= length
    }
    digits = re.sub(r"\D", "", person.phone or "")
    beginnings |= {digits[-length:] for length in PHONE_DIGITS if len(digits) >= length}
    return {_digest(key, beginning) for beginning in beginnings}


def pieces_of_query(text: str) -> list[str]:
    """What was typed, taken apart at its spaces; a phone number is one piece all the same."""
    number = re.sub(r"[\s+().]", "", text)
    if number.isdigit() and len(number) >= PREFIX_CHARS[-1]:
        return [number]
    return text.split()[:QUERY_WORDS_MAX]


def digests_of_query(key: bytes, piece: str) -> dict[str, int]:
    """A digest for each word of a piece; those too short to be searched are left out."""
    digests = {}
    for word in _words(piece)[:QUERY_WORDS_MAX]:
        is_long_number = word.isdigit() and len(word) > PREFIX_CHARS[-1]
        if len(word) >= PREFIX_CHARS[0]:
            beginning = word[-PHONE_DIGITS[-1] :] if is_long_number else word[: PREFIX_CHARS[-1]]
            digests[word] = _digest(key, beginning)
    return digests


def _words(text: str) -> list[str]:
    """Lower-case words without accents."""
    return re.findall(r"\w+", bare(text))


def _digest(key: bytes, beginning: str) -> int:
    full = hmac.digest(key, beginning.encode(), hashlib.sha256)
    return int.from_bytes(full[:DIGEST_BYTES], signed=True)
