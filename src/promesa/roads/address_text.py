"""Takes an address as a customer types it apart: street, number, unit, comuna.

Pure text work: whether the street exists is the address index's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from promesa.roads.names import STREET_KINDS, folded

# Longer than any address; what follows is not read.
ADDRESS_CHARS_MAX = 300
_NO_NUMBER = re.compile(r"\b(?:s\s*/\s*n[°º]?|sin\s+n[uú]mero)(?!\w)", re.IGNORECASE)
_NUMBER_SIGN = re.compile(
    r"(?:\b(?:n|no|nro|num|n[uú]mero)\s*[°º.:]+|[#°º]|\bn[uú]mero\b)\s*", re.IGNORECASE
)
_THOUSANDS = re.compile(r"\b(\d{1,2})\.(\d{3})\b(?!\.)")
_POSTAL_CODE = re.compile(r"\b(?:c\.?p\.?\s*)?\d{7}\b", re.IGNORECASE)
_KILOMETRE = re.compile(r"\bkm\.?\s*[\d.,]+", re.IGNORECASE)
_UNIT = re.compile(
    r"""\b(departamento|depart|depto|dpto|dept|dep|dp|oficina|ofic|of|casa|block|bloque|blk
        |torre|edificio|edif|piso|local|loc|parcela|parc|lote|lt|sitio|manzana|mz|condominio
        |bodega|letra)
        \b\.?\s*(?:n[°º.]*\s*|\#\s*)?
        ([a-z]?\d[\w-]*|[a-z])\b""",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_WORDS = {
    **dict.fromkeys(("departamento", "depart", "depto", "dpto", "dept", "dep", "dp"), "depto"),
    **dict.fromkeys(("oficina", "ofic", "of"), "oficina"),
    **dict.fromkeys(("block", "bloque", "blk"), "block"),
    **dict.fromkeys(("edificio", "edif"), "edificio"),
    **dict.fromkeys(("local", "loc"), "local"),
    **dict.fromkeys(("parcela", "parc"), "parcela"),
    **dict.fromkeys(("lote", "lt"), "lote"),
    **dict.fromkeys(("manzana", "mz"), "manzana"),
}
_HOUSE_NUMBER = re.compile(r"^\d{1,5}(?:-?[a-z])?$")
# After these a figure is part of the name: "10 de Julio", "4 Norte".
_NAME_GOES_ON = frozenset({"de", "del", "norte", "sur", "oriente", "poniente", "ote", "pte", "nte"})
_NOT_A_PLACE = frozenset(
    {"chile", "region metropolitana", "rm", "r m", "region metropolitana de santiago"}
)
_COMUNA_WORDS_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressText:
    """The parts of an address.

    Attributes:
        number: Digits only; "" when there is none ("s/n").
        unit: "depto 504 torre b"; "" when there is none.
        comunas: Comunas named, the most telling first: "Ñuñoa, Santiago" names a comuna and
            its city.
    """

    street: str
    number: str
    unit: str
    comunas: tuple[str, ...]


def parsed_address(text: str, comuna_of: Callable[[str], str | None]) -> AddressText:
    """The parts of ``text``; ``comuna_of`` gives the name of a comuna exactly written, or None."""
    cleaned = _THOUSANDS.sub(r"\1\2", text[:ADDRESS_CHARS_MAX].replace("\n", ", "))
    cleaned = _KILOMETRE.sub(" ", _POSTAL_CODE.sub(" ", cleaned))
    cleaned, comunas = _without_comunas(cleaned, comuna_of)
    cleaned, unit = _without_unit(cleaned)
    is_numberless = bool(_NO_NUMBER.search(cleaned))
    cleaned = _NUMBER_SIGN.sub(" ", _NO_NUMBER.sub(" , ", cleaned))
    street, number = _split_number(cleaned.split(","))
    return AddressText(
        street=street, number="" if is_numberless else number, unit=unit, comunas=comunas
    )


def _without_comunas(
    text: str, comuna_of: Callable[[str], str | None]
) -> tuple[str, tuple[str, ...]]:
    parts = [part.strip() for part in re.split(r"[,;|]|\s-\s", text) if part.strip()]
    kept, found = parts[:1], list[str]()
    for part in parts[1:]:
        comuna = comuna_of(part)
        if comuna is not None:
            found.append(comuna)
        elif folded(part) not in _NOT_A_PLACE:
            kept.append(part)
    if not found and kept:
        kept[-1], trailing = _without_trailing_comuna(kept[-1], comuna_of)
        found = [trailing] if trailing else []
    return ", ".join(kept), tuple(sorted(dict.fromkeys(found), key=lambda name: name == "Santiago"))


def _without_trailing_comuna(
    part: str, comuna_of: Callable[[str], str | None]
) -> tuple[str, str | None]:
    """A comuna after the number, with no comma: "Irarrázaval 3400 Ñuñoa"."""
    words = part.split()
    for count in range(min(_COMUNA_WORDS_MAX, len(words) - 1), 0, -1):
        before = " ".join(words[:-count])
        comuna = comuna_of(" ".join(words[-count:]))
        if comuna is not None and any(char.isdigit() for char in before):
            return before, comuna
    return part, None


def _without_unit(text: str) -> tuple[str, str]:
    units = [
        f"{_UNIT_WORDS.get(word.casefold(), word.casefold())} {which.casefold()}"
        for word, which in _UNIT.findall(text)
    ]
    return _UNIT.sub(" , ", text), " ".join(units)


def _split_number(parts: list[str]) -> tuple[str, str]:
    """Street and number; what comes after the number is a hint for people, not for us."""
    words = parts[0].split()
    for index in range(1, len(words)):
        if _is_number_at(words, index):
            return " ".join(words[:index]), _digits(words[index])
    street = " ".join(words)
    following = parts[1].split() if len(parts) > 1 else []
    if following and _HOUSE_NUMBER.match(following[0].casefold()):
        return street, _digits(following[0])
    return street, ""


def _is_number_at(words: list[str], index: int) -> bool:
    if not _HOUSE_NUMBER.match(words[index].casefold().rstrip(".")):
        return False
    after = folded(words[index + 1]) if index + 1 < len(words) else ""
    before = [folded(word) for word in words[:index]]
    has_name = any(word not in STREET_KINDS for word in before)
    return has_name and after not in _NAME_GOES_ON


def _digits(word: str) -> str:
    """Zeros in front stay: in Santiago 058 and 58 are doors on two sides of the Alameda."""
    found = re.match(r"\d+", word)
    return found.group() if found else ""
