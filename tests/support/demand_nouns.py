"""One of each noun of demand, as storage keeps them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from promesa.kernel.errors import FieldFault
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.terms import DepotTerms
from promesa.planning.demand.event_row import EventContent, EventKind, EventRow, EventScope
from promesa.planning.demand.history import DemandCount, HistoryImport
from promesa.planning.demand.overrides import DemandOverride
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import Basis, EventUsed
from promesa.planning.forecast.outlook import Judged, Outlook, OutlookRecord
from promesa.storage.unit_of_work import UnitOfWork

SAVED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
AUTHOR = derived_id("user")


def a_demand_event() -> EventRow:
    return EventRow(
        id=derived_id("demand event"),
        content=EventContent(
            name="Venta nocturna",
            kind=EventKind.CAMPAIGN,
            start=date(2026, 12, 3),
            end=date(2026, 12, 4),
            scope=EventScope(comunas=("Ñuñoa",), merchant_ids=(derived_id("merchant"),)),
            uplift=2.5,
            sigma=0.3,
            profile=(1.5, 0.5),
            source="El comercio",
        ),
        shipped_key=None,
        version=1,
        author_id=AUTHOR,
        saved_at=SAVED_AT,
    )


def a_history_import(word: str = "one") -> HistoryImport:
    return HistoryImport(
        id=derived_id("demand import", word),
        filename="historia.csv",
        imported_at=SAVED_AT,
        imported_by=AUTHOR,
        accepted=1,
        orders=31,
        first_day=date(2026, 10, 5),
        last_day=date(2026, 10, 5),
        rejected=(FieldFault(row=3, field="fecha", reason="Falta la fecha."),),
    )


def a_demand_count(orders: int = 31, hour: int | None = None) -> DemandCount:
    key = SeriesKey(comuna="Ñuñoa", depot="CD")
    return DemandCount(key=key, day=date(2026, 10, 5), orders=orders, hour=hour)


def an_override() -> DemandOverride:
    return DemandOverride(
        id=derived_id("demand override"),
        first_day=date(2026, 12, 1),
        last_day=date(2026, 12, 2),
        reason="Abre un mall",
        author_id=AUTHOR,
        made_at=SAVED_AT,
        comuna="Maipú",
        factor=1.3,
    )


def a_forecast() -> OutlookRecord:
    series = (SeriesKey(comuna="Maipú", depot="CD"), SeriesKey(comuna="Ñuñoa", depot="CD"))
    days = (date(2026, 11, 2), date(2026, 11, 3))
    return OutlookRecord(
        id=derived_id("forecast"),
        made_at=SAVED_AT,
        origin=date(2026, 11, 1),
        outlook=Outlook(
            origin=date(2026, 11, 1),
            days=days,
            series=series,
            mean=((20.0, 30.0), (10.0, 10.0)),
            p10=((16.0, 24.0), (6.0, 6.0)),
            p50=((20.0, 30.0), (10.0, 10.0)),
            p90=((25.0, 37.5), (15.0, 15.0)),
            shared_sd=(0.05, 0.05),
            events=(
                EventUsed(
                    name="CyberDay",
                    day=days[1],
                    factor=1.5,
                    factor_p10=1.2,
                    factor_p90=1.9,
                    is_given=True,
                ),
            ),
            basis=Basis(days=400, boosted=False, calibrated=3, low=1, amounts=({"weekday": 0.01},)),
            judged={
                "Maipú": Judged(
                    days=(date(2026, 11, 1),),
                    expected=(19.0,),
                    came=(21.0,),
                    wape=0.1,
                    floor=0.18,
                    inside=1.0,
                )
            },
            past=((21.0,), (None,)),
            lead_times={"CD": (0.0, 1.0)},
        ),
    )


async def keep_demand(tx: UnitOfWork, depot_id: UUID | None = None) -> None:
    """Puts a row into every table of demand, and terms of a depot that is there."""
    if depot_id is not None:
        await tx.capacity_terms.add(DepotTerms(depot_id=depot_id, version=1))
    await tx.demand_events.add_all([a_demand_event()])
    await tx.demand_history.add_import(a_history_import(), [a_demand_count()])
    await tx.demand_overrides.put(an_override())
    await tx.demand_forecasts.add(a_forecast())
