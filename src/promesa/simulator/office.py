"""The people of the torre: they found the operation, take orders in, plan, publish and watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from promesa.kernel.clock import pause_s
from promesa.kernel.ids import derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.routing.fleetfile import FleetFile
from promesa.simulator.client import Api, SimulationError
from promesa.simulator.script import DayScript, OrderFate
from promesa.simulator.shoppers import SHOPS, draw_name, draw_phone

ORDERS_PER_PUT = 100
ORDERS_PER_PAGE = 200
REVIEWS_MAX = 200
# The largest day simulated has 20,000 orders.
REVIEW_ROUNDS_MAX = 101
# A plan that takes longer than this many looks is a fault of ours.
PLAN_LOOKS_MAX = 1200
# Each look costs the platform some 20 ms, which the search would rather have.
PLAN_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Drivers by id, with what they drive."""

    depots: dict[str, str]
    vehicles: dict[str, str]
    drivers: list[str]


class Office:
    """One person with every permission, over HTTP like everybody."""

    def __init__(self, api: Api, seed: int) -> None:
        self._api = api
        self._seed = seed
        self._merchants: list[str] = []
        self._ids: dict[str, str] = {}

    async def sign_in(self, email: str, password: str) -> None:
        """Opens a session."""
        await self._api.post("/v1/session", {"email": email, "password": password})

    async def open_shops(self, script: DayScript) -> None:
        """Adds the merchants, each with its place."""
        known = {
            item["code"]: item["id"] for item in (await self._api.get("/v1/merchants"))["items"]
        }
        for (code, name), place in zip(SHOPS, script.shops, strict=True):
            if code not in known:
                spot = [place.position.lon, place.position.lat]
                body = {"code": code, "name": name, "position": spot, "address": place.address}
                known[code] = (await self._api.post("/v1/merchants", body))["id"]
        self._merchants = [known[code] for code, _ in SHOPS]

    async def hire(self, fleet: FleetFile, day: date) -> Crew:
        """Adds depots, vans, drivers and a shift for each van."""
        depots = {}
        for depot in fleet.depots:
            spot = [depot.position.lon, depot.position.lat]
            body = {"code": depot.id, "name": depot.name or depot.id, "position": spot}
            depots[depot.id] = (await self._api.post("/v1/depots", body))["id"]
        vehicles: dict[str, str] = {}
        drivers: list[str] = []
        for group in fleet.vehicles:
            for code in group.ids:
                vehicles[code] = await self._buy(group, code, depots[group.depot])
                driver = await self._employ(len(drivers) + 1, group)
                drivers.append(driver)
                await self._put_shift(group, vehicles[code], driver, depots[group.depot], day)
        return Crew(depots=depots, vehicles=vehicles, drivers=drivers)

    async def _buy(self, group: Any, code: str, depot_id: str) -> str:
        draw = stream(self._seed, "van", code)
        letters = "".join(draw.choice("BCDFGHJKLPRSTVWXYZ") for _ in range(4))
        body = {
            "code": code,
            "plate": f"{letters}{draw.randrange(10, 99)}",
            "depot_id": depot_id,
            "capacity": {
                "parcels": group.parcels,
                "weight_g": group.weight_g,
                "volume_ml": group.volume_ml,
            },
            "skills": sorted(group.skills),
            "cost_fixed_clp": group.fixed_cost_clp,
            "cost_per_hour_clp": group.hour_cost_clp,
            "cost_per_km_clp": group.km_cost_clp,
        }
        return str((await self._api.post("/v1/vehicles", body))["id"])

    async def _employ(self, number: int, group: Any) -> str:
        draw = stream(self._seed, "driver", number)
        body: dict[str, Any] = {
            "code": f"C-{number:02d}",
            "name": draw_name(draw),
            "phone": draw_phone(draw),
        }
        for rest in group.breaks[:1]:
            body["meal_break"] = {
                "duration_s": rest.minutes * 60,
                "earliest": rest.earliest.isoformat(),
                "latest": rest.latest.isoformat(),
            }
        return str((await self._api.post("/v1/drivers", body))["id"])

    async def _put_shift(
        self, group: Any, vehicle_id: str, driver_id: str, depot_id: str, day: date
    ) -> None:
        service_day = ServiceDay(day)
        shift_id = derived_id("simulated shift", self._seed, vehicle_id, day)
        body = {
            "date": day.isoformat(),
            "driver_id": driver_id,
            "vehicle_id": vehicle_id,
            "depot_id": depot_id,
            "start": service_day.at(group.shift_start).isoformat(),
            "end": service_day.at(group.shift_end).isoformat(),
        }
        await self._api.put(f"/v1/shifts/{shift_id}", body)

    async def take_orders(
        self, orders: Sequence[OrderFate], quotes: Mapping[str, str] | None = None
    ) -> None:
        """Takes orders in, as an integration would.

        ``quotes`` are those that some bring, by reference; an order whose quote is refused says its
        day as it was.
        """
        bodies = [fate.body | {"merchant_id": self._merchants[fate.merchant]} for fate in orders]
        quotes = quotes or {}
        refused = await self._put_orders([_with_quote(body, quotes) for body in bodies])
        again = [body for body in bodies if body["reference"] in refused & set(quotes)]
        if left_out := refused - set(quotes) | await self._put_orders(again):
            raise SimulationError(path="/v1/orders", answer=str(sorted(left_out)[:3]))

    async def _put_orders(self, bodies: Sequence[dict[str, Any]]) -> set[str]:
        """References of those that were rejected."""
        refused: set[str] = set()
        for first in range(0, len(bodies), ORDERS_PER_PUT):
            batch = bodies[first : first + ORDERS_PER_PUT]
            answer = await self._api.put("/v1/orders", {"orders": batch})
            refused |= {str(row["reference"]) for row in answer["rejected"]}
            self._ids |= {row["reference"]: row["id"] for row in answer["accepted"]}
        return refused

    async def remember(self) -> None:
        """Learns the ids of orders that were taken in before."""
        query: dict[str, Any] = {"limit": ORDERS_PER_PAGE}
        while query.get("cursor", "") is not None:
            page = await self._api.get("/v1/orders", **query)
            self._ids |= {row["reference"]: row["id"] for row in page["items"]}
            query["cursor"] = page["next_cursor"]

    def merchant_id(self, number: int) -> str:
        """The id the platform gave a shop."""
        return self._merchants[number]

    def order_id(self, reference: str) -> str:
        """The id the platform gave an order."""
        return self._ids[reference]

    async def review(self, day: date, *, leave: int = 0) -> int:
        """Says yes to every position found, but for the first ``leave`` of them."""
        queue = await self._api.get("/v1/address-reviews", date=day.isoformat(), limit=REVIEWS_MAX)
        left = frozenset(item["order_id"] for item in queue["items"][:leave])
        done = 0
        for _ in range(REVIEW_ROUNDS_MAX):
            wanted = await self._placed(day, left)
            if not wanted:
                return done
            done += await self._accept(wanted)
        raise SimulationError(path="/v1/address-reviews", answer="a yes changed nothing")

    async def _placed(self, day: date, left: frozenset[str]) -> list[dict[str, Any]]:
        queue = await self._api.get("/v1/address-reviews", date=day.isoformat(), limit=REVIEWS_MAX)
        return [
            item for item in queue["items"] if item["placement"] and item["order_id"] not in left
        ]

    async def _accept(self, wanted: list[dict[str, Any]]) -> int:
        """Streets of our map by one yes; where only the comuna is known, a call gave the pin."""
        many = [item["order_id"] for item in wanted if _is_street_of_ours(item["placement"])]
        if many:
            body = {"order_ids": many, "level": "street"}
            await self._api.post("/v1/address-reviews/accept", body)
        for item in wanted:
            if item["order_id"] not in many:
                await self._api.post(f"/v1/address-reviews/{item['order_id']}", {"accept": True})
        return len(wanted)

    async def plan(self, day: date, iterations: int) -> str:
        """Plans the day and waits for it."""
        asked = await self._api.post(
            "/v1/plans", {"date": day.isoformat(), "iterations": iterations, "seed": self._seed}
        )
        for _ in range(PLAN_LOOKS_MAX):
            plan = await self._api.get(f"/v1/plans/{asked['id']}")
            if plan["summary"]["state"] == "ready":
                return str(asked["id"])
            if plan["summary"]["state"] == "failed":
                raise SimulationError(path="/v1/plans", answer=str(plan["summary"]["failure"]))
            await pause_s(PLAN_LOOK_S)
        raise SimulationError(path="/v1/plans", answer="no plan in time")

    async def publish(self, plan_id: str) -> list[dict[str, Any]]:
        """Makes routes of the plan."""
        return list((await self._api.post(f"/v1/plans/{plan_id}/publish"))["items"])

    async def driver_token(self, driver_id: str) -> str:
        """The secret of a sign-in link."""
        link = await self._api.post(f"/v1/drivers/{driver_id}/sign-in-link")
        return str(link["url"]).partition("#")[2]

    async def tracking_token(self, reference: str) -> str:
        """The secret of a recipient's link; stands in for the message it came with."""
        link = await self._api.post(f"/v1/orders/{self.order_id(reference)}/tracking-link")
        return str(link["url"]).rpartition("/")[2]

    async def mend(self, day: date) -> list[str]:
        """Hands over what broken vans still carry, where another can take it."""
        mended = []
        for route in (await self._api.get("/v1/routes", date=day.isoformat()))["items"]:
            if not route["is_broken_down"] or route["stops_closed"] >= route["stops_total"]:
                continue
            proposal = await self._api.get(f"/v1/routes/{route['id']}/proposal")
            moves = [
                {"stop_id": move["stop_id"], "to_route_id": move["to_route_id"]}
                for move in proposal["moves"]
            ]
            if moves:
                path = f"/v1/routes/{route['id']}/proposal/accept"
                await self._api.try_post(path, {"moves": moves})
                mended.append(str(route["id"]))
        return mended

    async def repair(self, route_id: UUID | str) -> None:
        """The van runs again."""
        await self._api.try_post(f"/v1/routes/{route_id}/repair")

    async def count_back(self, route: dict[str, Any], at: datetime) -> None:
        """The warehouse scans what a van brought back, counts its cash and squares the route."""
        account = await self._api.get(f"/v1/routes/{route['id']}/account")
        scans = [
            {
                "id": str(derived_id("simulated return", self._seed, route["id"], line["barcode"])),
                "barcode": line["barcode"],
                "depot_id": route["depot"]["id"],
                "route_id": route["id"],
                "occurred_at": at.isoformat(),
                "kind": "returned",
            }
            for line in account["aboard"]
        ]
        if scans:
            await self._api.post("/v1/depot/scans", {"scans": scans})
        counted = {"counted_clp": account["cash"]["to_count_clp"]}
        await self._api.try_post(f"/v1/routes/{route['id']}/reconcile", counted)

    async def close_day(self, day: date) -> None:
        """Every order of the day ends, waits for a person, or has another day."""
        await self._api.post("/v1/day/close", {"date": day.isoformat()})

    async def read(self, path: str, **query: Any) -> Any:
        """What the torre shows at ``path``."""
        return await self._api.get(path, **query)


def _with_quote(body: dict[str, Any], quotes: Mapping[str, str]) -> dict[str, Any]:
    """The quote says the day, and nothing else may."""
    quote_id = quotes.get(body["reference"])
    if quote_id is None:
        return body
    return {key: value for key, value in body.items() if key != "date"} | {"quote_id": quote_id}


def _is_street_of_ours(placement: dict[str, Any]) -> bool:
    return placement["level"] == "street" and not placement["is_outside"]
