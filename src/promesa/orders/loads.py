"""Loads that none of the operator's vehicles carries: nearly always a unit mistaken in a sheet.

How many parcels a vehicle takes is the plan's matter, and so is what is left of its room that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from promesa.domain.fleet import Load, Vehicle
from promesa.kernel.errors import FieldFault
from promesa.orders.drafts import ParcelDraft
from promesa.orders.layouts import CUBIC_METRE_ML, KILOGRAM_G


def largest_load(vehicles: Iterable[Vehicle]) -> Load:
    """The most that a vehicle in use carries of each measure; 0 where nobody said it."""
    most = Load()
    for vehicle in vehicles:
        if vehicle.is_active:
            most = most.peak(vehicle.capacity)
    return most


def load_of(parcels: Sequence[ParcelDraft]) -> Load:
    """What an order's parcels come to; 0 of a measure that nobody said."""
    return Load(
        parcels=len(parcels),
        weight_g=sum(parcel.weight_g or 0 for parcel in parcels),
        volume_ml=sum(parcel.volume_ml or 0 for parcel in parcels),
    )


def load_faults(parcels: Sequence[ParcelDraft], most: Load) -> Iterator[FieldFault]:
    """What together is more than the largest vehicle carries: no plan could ever place it."""
    weights = [parcel.weight_g or 0 for parcel in parcels]
    volumes = [parcel.volume_ml or 0 for parcel in parcels]
    yield from _KILOS.faults(weights, most.weight_g)
    yield from _CUBIC_METRES.faults(volumes, most.volume_ml)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """How a load is measured in a sheet, and what may have been mistaken for it.

    Attributes:
        usual_most: What the largest vans carry, where no vehicle of the operator says (assumed).
    """

    field: str
    unit: int
    noun: str
    usual_most: int
    ask: str

    def faults(self, amounts: Sequence[int], own_most: int) -> Iterator[FieldFault]:
        """One where they add up to too much: at the one that alone is, else at all of them."""
        most, total = own_most or self.usual_most, sum(amounts)
        if total <= most:
            return
        who = "el vehículo más grande lleva" if own_most else "un furgón grande lleva"
        largest = max(amounts)
        # Several that are too much only together: none of them is the one that is wrong.
        is_one = largest > most or largest == total
        yield FieldFault(
            field=f"parcels[{amounts.index(largest)}].{self.field}" if is_one else "parcels",
            code="load_too_large",
            reason=f"Son {self._told(total)} y {who} {self._told(most)}. {self.ask} Corrígelo, "
            "o pide al operador un vehículo que lo lleve (Equipo).",
        )

    def _told(self, amount: int) -> str:
        """As Chileans write it: 3.000 kg or 0,5 kg."""
        text = f"{amount / self.unit:,.6f}".rstrip("0").rstrip(".")
        return f"{text.translate(_CHILEAN)} {self.noun}"


_CHILEAN = str.maketrans(",.", ".,")
_KILOS = _Measure(
    field="weight_g",
    unit=KILOGRAM_G,
    noun="kg",
    usual_most=1_500_000,
    ask="¿Son gramos donde van kilos, o al revés?",
)
_CUBIC_METRES = _Measure(
    field="volume_ml",
    unit=CUBIC_METRE_ML,
    noun="m³",
    usual_most=17_000_000,
    ask="¿Son litros o cm³ donde van m³, o al revés?",
)
