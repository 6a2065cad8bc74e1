"""What a vehicle is called in a sentence for a dispatcher."""

from __future__ import annotations

from collections.abc import Iterable

from promesa.domain.fleet import Vehicle, VehicleKind

_NAMES = {
    VehicleKind.VAN: "el furgón",
    VehicleKind.TRUCK: "el camión",
    VehicleKind.MOTORCYCLE: "la moto",
    VehicleKind.BICYCLE: "la bicicleta",
}
# So that one sentence holds for whoever could be meant, only these are called by their kind.
_OF_ONE_KIND = {VehicleKind.VAN: "furgón", VehicleKind.TRUCK: "camión"}


def named(vehicle: Vehicle) -> str:
    """The one that is meant, as in «el camión»."""
    return _NAMES[vehicle.kind]


def any_of(vehicles: Iterable[Vehicle]) -> str:
    """Whichever of them, a masculine noun: «furgón» or «camión» where all are, else «vehículo»."""
    kinds = {vehicle.kind for vehicle in vehicles} or {VehicleKind.VAN}
    return _OF_ONE_KIND.get(kinds.pop(), "vehículo") if len(kinds) == 1 else "vehículo"
