"""From the text of an address to a position that says how sure it is.

The comuna named is honoured: a street of another one is no answer. Numbers in a street's name
must agree: Pasaje 11 is not Pasaje 10. Without house numbers on the map the answer is a street,
with the distance that nine doors of ten stay within.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from promesa.domain.place import PlaceLevel
from promesa.kernel.geo import Position, distance_m
from promesa.roads.address_index import AddressIndex, interpolated
from promesa.roads.address_text import AddressText, parsed_address
from promesa.roads.names import StreetKey, sound_of, street_key
from promesa.roads.street_aliases import keys_of_street
from promesa.roads.territory import Comuna, Territory

# Below this a name is another name. Tuned on 1,117 addresses of schools, see docs/decisions.
SCORE_MIN = 0.86
# Streets scoring this close are equally likely; which one is meant the text does not say.
_TIE = 0.02
_LAST_NAME_SCORE = 0.9
# A name spelt by ear: surer than a few wrong letters, not as sure as the name itself.
_SOUND_SCORE = 0.93
_KIND_PENALTY = 0.03
_NO_COMUNA_PENALTY = 0.05
# The name as written comes before another name of the same street.
_OTHER_NAME_PENALTY = 0.01
# All we understood is the comuna.
_COMUNA_SCORE = 0.3
# What to add to a street's spread so that nine doors of ten are inside: measured on the schools
# (docs/decisions/0009-honest-addresses.md). Short streets are often one piece of several of that
# name, and where the extract ends, a stump of a longer one.
_SHORT_SPREAD_M = 500.0
_EXTRA_M = {
    # (is short, is cut)
    (False, False): 120.0,
    (False, True): 450.0,
    (True, False): 280.0,
    (True, True): 2700.0,
}
# A misspelt name may be another street of the comuna that the extract lacks.
_EXACT_SCORE_MIN = 0.95
_MISSPELT_M = 2600.0
_BORDER_M = 150.0
_SUGGESTIONS_MAX = 50
# Fewer letters sound like the beginning of too many streets.
_HEARD_CHARS_MIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Geocoded:
    """An answer, honest about its level.

    Attributes:
        position: None at level none.
        score: How well the text matched, 0-1.
        uncertainty_m: The door is within this nine times of ten; 0 at level none.
        comuna: Name of the comuna, "" when unknown.
        street: As the map writes it; "" above street level.
        is_renamed: Whether that is another name, or kind of street, than the one written. Accents,
            abbreviations and the names that one street is known by make no other name.
    """

    position: Position | None
    level: PlaceLevel
    score: float
    uncertainty_m: float
    comuna: str
    street: str
    number: str
    unit: str
    is_renamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A street offered while somebody types."""

    text: str
    street: str
    comuna: str
    position: Position
    uncertainty_m: float


@dataclass(frozen=True, slots=True)
class _Match:
    entry: int
    score: float


class Addresses:
    """The geocoder of one city."""

    def __init__(self, index: AddressIndex, territory: Territory) -> None:
        self._index = index
        self._territory = territory
        self._cores: list[str] = index.cores.tolist()
        self._entries_of: dict[str, list[int]] = defaultdict(list)
        for entry, code in enumerate(index.comunas.tolist()):
            self._entries_of[code].append(entry)
        keys = [street_key(name) for name in index.names.tolist()]
        self._marks = [key.marks for key in keys]
        self._telling = [key.telling for key in keys]
        self._sounds = np.array([sound_of(telling) for telling in self._telling], dtype=np.str_)
        self._core_sounds = [sound_of(core) for core in self._cores]

    @property
    def comunas(self) -> tuple[Comuna, ...]:
        """The comunas that have streets here, by code."""
        return tuple(item for item in self._territory.comunas if item.code in self._entries_of)

    def geocode(self, text: str, comuna: str | None = None) -> Geocoded:
        """Where ``text`` is; ``comuna``, when given, overrules the one in the text."""
        address = parsed_address(text, self._exact_comuna)
        named = [comuna] if comuna and comuna.strip() else list(address.comunas)
        codes = [found.code for name in named if (found := self._comuna(name)) is not None]
        if named and not codes:
            return self._nothing(address)
        for code in codes:
            match = self._best(address, self._entries_of.get(code, []))
            if match is not None:
                return self._at_street(address, [match], match.score)
        if codes:
            return self._at_comuna(address, codes[0])
        return self._anywhere(address)

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Streets that what has been typed so far may become, the longest streets first."""
        address = parsed_address(text, self._exact_comuna)
        key = street_key(address.street)
        if not key.core:
            return []
        codes = {found.code for name in address.comunas if (found := self._comuna(name))}
        typed = [known.core for known in keys_of_street(key)]
        sound = sound_of(typed[0])
        ranked = sorted(
            (rank, -float(self._index.lengths_m[entry]), entry)
            for entry, core in enumerate(self._cores)
            if (rank := _best_rank(typed, core, sound, self._core_sounds[entry])) is not None
            and (not codes or self._index.comunas[entry] in codes)
            and not self._index.is_border[entry]
        )
        offered = ranked[: min(limit, _SUGGESTIONS_MAX)]
        return [self._suggestion(entry, address) for _, _, entry in offered]

    def _exact_comuna(self, name: str) -> str | None:
        found = self._territory.exact(name)
        return found.name if found else None

    def _comuna(self, name: str) -> Comuna | None:
        return self._territory.find(name, among=self._entries_of)

    def _anywhere(self, address: AddressText) -> Geocoded:
        """With no comuna named, equally good streets elsewhere widen the uncertainty."""
        matches = self._matches(address, range(len(self._cores)))
        if not matches:
            return self._nothing(address)
        top = matches[0].score
        tied = [match for match in matches if match.score >= top - _TIE]
        tied.sort(key=lambda match: (-self._index.lengths_m[match.entry], match.entry))
        return self._at_street(address, tied, max(0.0, top - _NO_COMUNA_PENALTY) / len(tied) ** 0.5)

    def _best(self, address: AddressText, entries: list[int]) -> _Match | None:
        matches = self._matches(address, entries)
        return matches[0] if matches else None

    def _matches(self, address: AddressText, entries: range | list[int]) -> list[_Match]:
        """Entries whose name may be the one written, or another of that street, best first."""
        key = street_key(address.street)
        if not key.core or not len(entries):
            return []
        telling = [self._telling[entry] for entry in entries]
        best: dict[int, float] = {}
        for known in keys_of_street(key):
            scores = process.cdist([known.telling], telling, scorer=fuzz.token_set_ratio)[0]
            sounds = self._sounds[list(entries)] == sound_of(known.telling)
            for place in np.flatnonzero((scores >= 100 * SCORE_MIN) | sounds):
                score = self._judged(known, entries[place])
                score -= _OTHER_NAME_PENALTY if known is not key else 0.0
                best[entries[place]] = max(score, best.get(entries[place], 0.0))
        found = [_Match(entry, score) for entry, score in best.items() if score >= SCORE_MIN]
        return sorted(found, key=lambda m: (-m.score, -self._index.lengths_m[m.entry], m.entry))

    def _judged(self, key: StreetKey, entry: int) -> float:
        """0 where numbers or directions differ; less where one is a pasaje and one an avenida."""
        if key.marks != self._marks[entry]:
            return 0.0
        kind = str(self._index.kinds[entry])
        if kind == "autopista" and key.kind != kind:
            return 0.0
        score = _name_score(key.telling, self._telling[entry])
        differs = bool(key.kind) and bool(kind) and key.kind != kind
        return score - (_KIND_PENALTY if differs else 0.0)

    def _at_street(self, address: AddressText, tied: list[_Match], score: float) -> Geocoded:
        index, entry = self._index, tied[0].entry
        position, level = index.position_of(entry), PlaceLevel.STREET
        uncertainty_m = self._uncertainty_m(entry)
        if tied[0].score < _EXACT_SCORE_MIN:
            uncertainty_m = max(uncertainty_m, _MISSPELT_M)
        is_plain = address.number.isdigit() and not address.number.startswith("0")
        door = interpolated(index, entry, int(address.number)) if is_plain else None
        if door is not None and len(tied) == 1:
            (position, uncertainty_m), level = door, PlaceLevel.HOUSE
        for other in tied[1:]:
            gap_m = distance_m(position, index.position_of(other.entry))
            uncertainty_m = max(uncertainty_m, gap_m + self._uncertainty_m(other.entry))
        comuna = self._territory.by_code(str(index.comunas[entry]))
        return Geocoded(
            position=position,
            level=level,
            score=round(score, 3),
            uncertainty_m=round(uncertainty_m),
            comuna=comuna.name,
            street=str(index.names[entry]),
            number=address.number,
            unit=address.unit,
            is_renamed=not self._is_written(address.street, entry),
        )

    def _is_written(self, street: str, entry: int) -> bool:
        """Whether the text names just this street; any street is called "calle"."""
        key = street_key(street)
        kinds = {key.kind, str(self._index.kinds[entry])} - {"", "calle"}
        names = {known.telling for known in keys_of_street(key)}
        return self._telling[entry] in names and len(kinds) < 2

    def _uncertainty_m(self, entry: int) -> float:
        index = self._index
        spread_m = float(index.spread_m[entry])
        extra_m = _EXTRA_M[spread_m < _SHORT_SPREAD_M, bool(index.is_cut[entry])]
        return spread_m + extra_m + (_BORDER_M if index.is_border[entry] else 0.0)

    def _at_comuna(self, address: AddressText, code: str) -> Geocoded:
        """The middle of the comuna's streets, or of its outline where we know no street."""
        comuna = self._territory.by_code(code)
        entries = self._entries_of.get(code, [])
        position = comuna.centre
        if entries:
            lons, lats = self._index.lons[entries], self._index.lats[entries]
            position = Position(lon=float(np.median(lons)), lat=float(np.median(lats)))
        return Geocoded(
            position=position,
            level=PlaceLevel.COMUNA,
            score=_COMUNA_SCORE,
            uncertainty_m=round(self._territory.reach_m(code, position)),
            comuna=comuna.name,
            street="",
            number=address.number,
            unit=address.unit,
        )

    def _nothing(self, address: AddressText) -> Geocoded:
        return Geocoded(
            position=None,
            level=PlaceLevel.NONE,
            score=0.0,
            uncertainty_m=0.0,
            comuna="",
            street="",
            number=address.number,
            unit=address.unit,
        )

    def _suggestion(self, entry: int, address: AddressText) -> Suggestion:
        comuna = self._territory.by_code(str(self._index.comunas[entry])).name
        street = str(self._index.names[entry])
        numbered = f"{street} {address.number}" if address.number else street
        return Suggestion(
            text=f"{numbered}, {comuna}",
            street=street,
            comuna=comuna,
            position=self._index.position_of(entry),
            uncertainty_m=round(self._uncertainty_m(entry)),
        )


def _name_score(asked: str, known: str) -> float:
    """How alike two names are; a customer may leave forenames out, but not the last name."""
    score = fuzz.ratio(asked, known) / 100
    if score < _SOUND_SCORE and sound_of(asked) == sound_of(known):
        return _SOUND_SCORE
    if score < _LAST_NAME_SCORE and known.endswith(f" {asked}"):
        return _LAST_NAME_SCORE
    return score


def _best_rank(typed: list[str], core: str, sound: str, core_sound: str) -> int | None:
    """The rank by what was typed, by another name of the street that it is, or by its sound."""
    own = _typing_rank(typed[0], core)
    if own is None and len(sound) > _HEARD_CHARS_MIN:
        own = 2 if f" {sound}" in f" {core_sound}" else None
    return 0 if own != 0 and core in typed[1:] else own


def _typing_rank(typed: str, core: str) -> int | None:
    """0 for a name that starts so, 1 for one with a word that does, 2 for a near miss."""
    if core.startswith(typed):
        return 0
    if f" {typed}" in core:
        return 1
    close = len(typed) > 3 and fuzz.ratio(typed, core[: len(typed)]) >= 100 * SCORE_MIN
    return 2 if close else None
