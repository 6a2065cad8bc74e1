"""One key per building: the address without its unit, normalised, then digested with a salt.

The key says nothing of the address to who does not have the salt, so learnt door points hold no
personal data.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from promesa.orders.text import tidy, words_of

# Where the unit begins in a line: "Los Leones 220 depto 1204, torre B".
_UNIT = re.compile(
    r"[,;\s-]+(?P<unit>\b(?:depto|dpto|dep|departamento|oficina|of|casa|torre|block|bloque|local"
    r"|piso)\b\.?\s*(?:n[°º.]?\s*)?[\w/-]+.*|#\s*\w+.*)$",
    re.IGNORECASE,
)
_KINDS = {
    "av": "avenida",
    "avda": "avenida",
    "ave": "avenida",
    "pje": "pasaje",
    "psje": "pasaje",
    "psj": "pasaje",
    "cam": "camino",
    "gral": "general",
    "pdte": "presidente",
    "pte": "presidente",
    "sta": "santa",
    "sto": "santo",
    "dr": "doctor",
}
_SILENT = frozenset({"numero", "calle", "de", "del", "la", "el", "los", "las"})


def split_unit(line: str) -> tuple[str, str | None]:
    """The line up to its unit, and the unit; a line that begins with one is left whole."""
    tidied = tidy(line)
    found = _UNIT.search(tidied)
    if found is None or not _has_number(tidied[: found.start()]):
        return tidied, None
    return tidied[: found.start()].rstrip(" ,;-"), found["unit"].strip()


def address_key(line: str, comuna: str | None, *, salt: bytes) -> bytes:
    """The digest under which deliveries to this building are remembered, 32 bytes."""
    head = line.split(",", maxsplit=1)[0]
    street, _ = split_unit(head if _has_number(head) else line)
    words = [_KINDS.get(word, word) for word in words_of(street)]
    told = [word for word in words if word not in _SILENT]
    text = "\x1f".join([" ".join(told), " ".join(words_of(comuna or ""))])
    return hmac.new(salt, text.encode(), hashlib.sha256).digest()


def _has_number(text: str) -> bool:
    return any(sign.isdigit() for sign in text)
