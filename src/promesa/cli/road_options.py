"""What the commands about roads take: a city, a position, an instant."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from promesa.kernel.geo import Position
from promesa.roads.city import City, ensure_built
from promesa.roads.snapping import Kerb
from promesa.roads.vehicles import MOTORCYCLE, TRUCK, VAN


class PositionType(click.ParamType[Position]):
    """A position written LON,LAT."""

    name = "LON,LAT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Position:
        """Turns "-70.65,-33.44" into a position."""
        if isinstance(value, Position):
            return value
        parts = str(value).split(",")
        try:
            lon, lat = (float(part) for part in parts)
            return Position(lon=lon, lat=lat)
        except ValueError:
            self.fail(
                f"«{value}» no es una posición: escribe LON,LAT, como -70.65,-33.44", param, ctx
            )


class InstantType(click.ParamType[datetime]):
    """An instant in ISO 8601 with offset."""

    name = "INSTANTE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Turns "2026-11-30T08:00:00-03:00" into an aware instant."""
        if isinstance(value, datetime):
            return value
        sentence = f"«{value}» no sirve: escribe la hora con desfase, 2026-11-30T08:00:00-03:00"
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(sentence, param, ctx)
        if instant.tzinfo is None:
            self.fail(sentence, param, ctx)
        return instant


class CityType(click.ParamType[City]):
    """A folder with a city, loaded; built first, with a word on stderr, when it is not yet."""

    name = "CIUDAD"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> City:
        """Loads the city of a folder."""
        if isinstance(value, City):
            return value
        folder = Path(str(value))
        if not folder.is_dir():
            self.fail(f"«{value}» no es una carpeta", param, ctx)
        return City.load(ensure_built(folder, on_step=show_step))


def show_step(step: str) -> None:
    """Says on stderr what is being done."""
    click.echo(f"{step} …", err=True)


city_option = click.option(
    "--city", required=True, type=CityType(), help="Carpeta de la ciudad, como examples/santiago."
)
departure_option = click.option(
    "--departure",
    type=InstantType(),
    help="Hora de salida con desfase; sin ella, un día de trabajo a las 11.",
)
VEHICLES = {"van": VAN, "truck": TRUCK, "motorcycle": MOTORCYCLE}
vehicle_option = click.option(
    "--vehicle",
    type=click.Choice(list(VEHICLES)),
    default="van",
    show_default=True,
    help="Quién maneja: furgón, camión de dos ejes o moto.",
)
kerb_option = click.option(
    "--kerb",
    type=click.Choice([kerb.value for kerb in Kerb]),
    default=Kerb.ANY.value,
    show_default=True,
    help="Dónde se llega solo por el lado de la calle de la parada.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Imprime un objeto JSON.")
