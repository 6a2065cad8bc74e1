"""Streets that people call otherwise than the map: Alameda is Avenida Libertador B. O'Higgins.

The table stands in data/street_aliases.toml with the source of each row. It says nothing of where
a street is: the comuna decides that.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from promesa.roads.names import StreetKey, folded, street_key

# Shorter beginnings of a name mean too many other things.
_BEGINNING_CHARS_MIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One street.

    Attributes:
        keys: Of all its names.
        search: Each way to tell it in few words.
    """

    keys: tuple[StreetKey, ...]
    search: tuple[tuple[str, ...], ...]


@cache
def list_aliases() -> tuple[Alias, ...]:
    """The table that comes with the package; read once."""
    source = resources.files("promesa.roads") / "data" / "street_aliases.toml"
    return tuple(
        Alias(
            keys=tuple(street_key(name) for name in (row["name"], *row["also"])),
            search=tuple(tuple(words.split()) for words in row["search"]),
        )
        for row in tomllib.loads(source.read_text(encoding="utf-8"))["street"]
    )


def keys_of_street(key: StreetKey) -> tuple[StreetKey, ...]:
    """The key, and those of all other names of that street."""
    for alias in list_aliases():
        if any(known.core == key.core for known in alias.keys):
            return (key, *(known for known in alias.keys if known.core != key.core))
    return (key,)


def spellings(text: str) -> tuple[str, ...]:
    """What somebody looks for, and the same with each other name of the street it tells."""
    words = folded(text).split()
    for alias in list_aliases():
        for told in alias.search:
            rest = _without(words, told)
            if rest is not None:
                others = [other for other in alias.search if other != told]
                return (text, *(" ".join([*other, *rest]) for other in others))
    return (text,)


def _without(words: list[str], told: tuple[str, ...]) -> list[str] | None:
    """The words that are left when those told are taken out; None when one is missing."""
    rest = list(words)
    for wanted in told:
        found = next((word for word in rest if _means(word, wanted)), None)
        if found is None:
            return None
        rest.remove(found)
    return rest


def _means(word: str, wanted: str) -> bool:
    is_beginning = len(word) >= _BEGINNING_CHARS_MIN and wanted.startswith(word)
    return is_beginning or (word.startswith(wanted) and not wanted.isdigit()) or word == wanted
