"""Names as Chileans write them, brought to one spelling so that two of them can be compared.

It knows abbreviations and street kinds; it does not know which streets exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from promesa.kernel.text import bare

_APOSTROPHES = re.compile("['\u2019`\u00b4]")
_OTHER = re.compile(r"[^a-z0-9]+")
# Kinds of street: every way of writing one → its plain word.
STREET_KINDS = {
    **dict.fromkeys(("av", "avda", "avd", "ave", "avenida", "avenue"), "avenida"),
    **dict.fromkeys(("pje", "psje", "psj", "pj", "pas", "pasaje", "pjse"), "pasaje"),
    **dict.fromkeys(("calle", "cll", "ca"), "calle"),
    **dict.fromkeys(("camino", "cno", "cmno"), "camino"),
    **dict.fromkeys(("diagonal", "diag"), "diagonal"),
    **dict.fromkeys(("paseo", "pso"), "paseo"),
    **dict.fromkeys(("callejon", "cjon"), "callejon"),
    **dict.fromkeys(("autopista", "autop"), "autopista"),
    **dict.fromkeys(("rotonda", "plaza", "sendero", "ruta", "costanera", "caletera"), ""),
}
STREET_KINDS = {word: kind or word for word, kind in STREET_KINDS.items()}
_ABBREVIATIONS = {
    "gral": "general", "gnral": "general", "gen": "general",
    "pdte": "presidente", "pres": "presidente", "pdnte": "presidente",
    "sta": "santa", "sto": "santo", "sn": "san",
    "dr": "doctor", "dra": "doctora", "ing": "ingeniero", "arq": "arquitecto",
    "cap": "capitan", "cptan": "capitan", "tte": "teniente", "tnte": "teniente",
    "cnel": "coronel", "crl": "coronel", "alm": "almirante", "alte": "almirante",
    "sgto": "sargento", "cdte": "comandante", "cmdte": "comandante", "cabo": "cabo",
    "prof": "profesor", "mons": "monsenor", "pbro": "presbitero", "card": "cardenal",
    "ntra": "nuestra", "sra": "senora", "hno": "hermano", "hnos": "hermanos",
    "ote": "oriente", "nte": "norte", "pnte": "poniente",
    "fco": "francisco", "fdo": "fernando", "bdo": "bernardo", "bern": "bernardo",
    "ant": "antonio", "jse": "jose", "guill": "guillermo", "vic": "vicuna",
    "lib": "libertador", "libert": "libertador", "int": "intendente", "emb": "embajador",
    "sur": "sur", "sec": "sector",
}  # fmt: skip
# Words that say which of several streets of one name is meant: both sides must agree on them.
_DIRECTIONS = frozenset({"norte", "sur", "oriente", "poniente"})
_FILLERS = frozenset({"de", "del", "la", "las", "los", "el", "y", "e"})
# What sounds alike to a Chilean, in the order it is rewritten: irarazabal is Irarrázaval.
_SOUNDS = (
    (re.compile(r"v|w"), "b"),
    (re.compile(r"qu(?=[ei])|c(?![eih])|q"), "k"),
    (re.compile(r"z|c(?=[ei])"), "s"),
    (re.compile(r"g(?=[ei])|x"), "j"),
    (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"ll|i(?=[aeou])"), "y"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"([a-z])\1+"), r"\1"),
)
_ROMAN = re.compile(r"^[ivx]{1,5}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetKey:
    """A street name in one spelling.

    Attributes:
        kind: Plain word of its kind ("avenida"), or "".
        core: The rest, without accents or abbreviations.
        marks: Digits, single letters and directions in it; names that differ here differ.
    """

    kind: str
    core: str
    marks: tuple[str, ...]

    @property
    def telling(self) -> str:
        """The core without articles: "los vilos" is not nearly "los silos"."""
        words = self.core.split()
        return " ".join(word for word in words if word not in _FILLERS) or self.core


def folded(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces; ñ becomes n."""
    return _OTHER.sub(" ", bare(_APOSTROPHES.sub("", text).casefold())).strip()


def sound_of(name: str) -> str:
    """How a folded name sounds: two names of one sound are one name, misspelt."""
    for pattern, sound in _SOUNDS:
        name = pattern.sub(sound, name)
    return name


def street_key(text: str) -> StreetKey:
    """The key of a street name as written on a map or by a customer."""
    words = folded(text).split()
    kind = ""
    if len(words) > 1 and words[0] in STREET_KINDS:
        kind, words = STREET_KINDS[words[0]], words[1:]
    if len(words) > 1 and words[0] in STREET_KINDS and kind != "":
        words = words[1:] if STREET_KINDS[words[0]] == kind else words
    words = [_expanded(word, is_last=index == len(words) - 1) for index, word in enumerate(words)]
    return StreetKey(kind=kind, core=" ".join(words), marks=_marks(words))


def _expanded(word: str, *, is_last: bool) -> str:
    """``pte`` is Presidente before a name and Poniente after one."""
    if word == "pte":
        return "poniente" if is_last else "presidente"
    stripped = word.lstrip("0") if word.isdigit() else word
    return _ABBREVIATIONS.get(stripped, stripped) or "0"


def _marks(words: list[str]) -> tuple[str, ...]:
    found = [
        word
        for index, word in enumerate(words)
        if any(char.isdigit() for char in word)
        or word in _DIRECTIONS
        or (index == len(words) - 1 and (len(word) == 1 or _ROMAN.match(word)))
    ]
    return tuple(sorted(word for word in found if word not in _FILLERS))
