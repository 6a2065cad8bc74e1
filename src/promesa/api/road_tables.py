"""Tolls and restricted zones: the operator's own tables, over those of the city's files."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from litestar import Response, Router, get, put

from promesa.api.decoding import View, Wire
from promesa.api.fleet import note_change
from promesa.domain.actor import Permission
from promesa.kernel.errors import InvalidError
from promesa.kernel.ids import derived_id
from promesa.planning.road_tables import FILES, RoadTable, RoadTableKind, contents_of
from promesa.roads.charge_tables import COLUMNS, parse_charges
from promesa.roads.charges import ChargeTables
from promesa.roads.city import City
from promesa.roads.network import RoadNetwork
from promesa.roads.tables import table_rows
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.traffic_run import refresh_traffic

# A city has some hundred gates; a polygon may be long.
ROWS_MAX = 5_000
CELL_CHARS_MAX = 20_000
CELLS_MAX = 9
CSV_CHARS_MAX = 5_000_000

Cell = Annotated[str, msgspec.Meta(max_length=CELL_CHARS_MAX)]
Row = Annotated[list[Cell], msgspec.Meta(max_length=CELLS_MAX)]


class RoadTableError(InvalidError):
    """A row of a table cannot be used."""

    code: ClassVar[str] = "road_table_invalid"
    message = "Hay filas que no sirven. Corrige las que se indican; no se guardó nada."


class RoadTableBody(Wire):
    """All rows of a table, a cell for each of its columns; or a CSV file with a header."""

    rows: Annotated[list[Row], msgspec.Meta(max_length=ROWS_MAX)] = msgspec.field(
        default_factory=list
    )
    csv: Annotated[str, msgspec.Meta(max_length=CSV_CHARS_MAX)] | None = None


class RoadTableView(View):
    """A table; ``saved_at`` is null while it is the city's own file."""

    kind: RoadTableKind
    columns: list[str]
    rows: list[list[str]]
    saved_at: datetime | None


class RoadTableList(View):
    """The three tables: gates, their prices, and zones.

    ``off_map`` are gates on no street; ``gate_places`` says by the id of each where it stands, as
    the name of its street and its comuna, as far as the map knows them.
    """

    items: list[RoadTableView]
    gate_places: dict[str, str]
    off_map: list[str]


@get("/v1/road-tables", access=Permission.READ_OPERATION, summary="Tolls and restricted zones")
async def list_road_tables(platform: Platform, caller: Caller) -> RoadTableList:
    """The tables that plans and estimates go by."""
    async with platform.transaction(caller.tenant_id) as tx:
        own = await tx.road_tables.list()
    return await asyncio.to_thread(_view, platform, own)


@put(
    "/v1/road-tables/{kind:str}",
    access=Permission.MANAGE_FLEET,
    summary="Save a table of tolls or zones",
)
async def put_road_table(
    kind: RoadTableKind, data: RoadTableBody, platform: Platform, caller: Caller
) -> RoadTableList:
    """Replaces a table; plans and estimates go by it from now on. A row of no use refuses all."""
    content = _content(FILES[kind], data)
    table = RoadTable(
        kind=kind, content=content, saved_at=platform.clock.now(), saved_by=caller.actor.id
    )
    async with platform.transaction(caller.tenant_id) as tx:
        others = [item for item in await tx.road_tables.list() if item.kind is not kind]
        found = await asyncio.to_thread(_read, platform, [*others, table])
        faults = [fault for name, fault in found.faults if name == FILES[kind]]
        if faults:
            raise RoadTableError(faults=faults)
        await tx.road_tables.put(table)
        subject_id = derived_id("road table", caller.tenant_id, kind.value)
        await note_change(platform, tx, caller, "road_table", subject_id)
    await refresh_traffic(platform, caller.tenant_id)
    return await asyncio.to_thread(_view, platform, [*others, table])


@get(
    "/v1/road-tables/{kind:str}/csv",
    access=Permission.READ_OPERATION,
    summary="A table of tolls or zones as CSV",
)
async def get_road_table_csv(
    kind: RoadTableKind, platform: Platform, caller: Caller
) -> Response[bytes]:
    """The table as the file of the city has it, to be edited and brought back."""
    async with platform.transaction(caller.tenant_id) as tx:
        own = await tx.road_tables.list()
    contents = await asyncio.to_thread(_contents, platform, own)
    name = FILES[kind]
    content = contents.get(name) or _written(COLUMNS[name], []).encode()
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _contents(platform: Platform, own: list[RoadTable]) -> Mapping[str, bytes]:
    return {**platform.traffic.tables, **contents_of(own)}


def _read(platform: Platform, own: list[RoadTable]) -> ChargeTables:
    return parse_charges(_contents(platform, own))


def _view(platform: Platform, own: list[RoadTable]) -> RoadTableList:
    contents = _contents(platform, own)
    saved = {table.kind: table.saved_at for table in own}
    network = platform.city.network.with_charges(parse_charges(contents))
    charged = network.charges
    items = []
    for kind, name in FILES.items():
        columns = COLUMNS[name]
        read = table_rows(contents[name], name, columns) if name in contents else []
        items.append(
            RoadTableView(
                kind=kind,
                columns=list(columns),
                rows=[[row[column] for column in columns] for row in read],
                saved_at=saved.get(kind),
            )
        )
    off_map = [gate.id for gate in charged.off_network] if charged else []
    return RoadTableList(
        items=items, gate_places=_gate_places(platform.city, network), off_map=off_map
    )


def _gate_places(city: City, network: RoadNetwork) -> dict[str, str]:
    graph, charged = network.graph, network.charges
    if charged is None:
        return {}
    edges, found = charged.gate_edges, {}
    for gate in charged.tables.gates:
        name = (
            int(graph.segment_name[graph.edge_segment[edges[gate.id]]]) if gate.id in edges else -1
        )
        comuna = city.territory.comuna_at(gate.position)
        words = [str(graph.names[name]) if name >= 0 else "", comuna.name if comuna else ""]
        found[gate.id] = ", ".join(filter(None, words))
    return found


def _content(name: str, data: RoadTableBody) -> str:
    """The CSV to keep: with our columns, in their order, whatever else a file has."""
    columns = COLUMNS[name]
    if data.csv is None:
        return _written(columns, data.rows)
    read = table_rows(data.csv.encode(), name, columns)
    return _written(columns, [[row[column] for column in columns] for row in read])


def _written(columns: tuple[str, ...], rows: list[list[str]]) -> str:
    """The CSV of the rows; those without a word are left out, cells that are missing are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = [cell.strip() for cell in row[: len(columns)]]
        if any(cells):
            writer.writerow([*cells, *([""] * (len(columns) - len(cells)))])
    return text.getvalue()


router = Router(
    path="",
    route_handlers=[list_road_tables, put_road_table, get_road_table_csv],
    tags=["roads"],
)
