"""One of each noun, small and whole, and a transaction that keeps them all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from promesa.dispatch.traffic_marks import TrafficMark
from promesa.domain.access import Credential, CredentialKind, KeptAnswer, Merchant, Tenant, User
from promesa.domain.actor import Actor, ActorKind, Role
from promesa.domain.custody import CustodyEntry, Holder, HolderKind
from promesa.domain.events import Event, ParkedReaction
from promesa.domain.fleet import (
    Depot,
    Driver,
    Load,
    MealBreak,
    Shift,
    Vehicle,
    VehicleKind,
    VehicleSize,
)
from promesa.domain.order import Order, OrderState, RouteTerms
from promesa.domain.parcel import Item, Parcel
from promesa.domain.person import Person
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.domain.promise import Promise
from promesa.domain.route import (
    PlannedStop,
    Route,
    RouteBreak,
    RouteReload,
    RouteRest,
    RouteState,
    RouteVersion,
)
from promesa.domain.stop import Stop, StopType
from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id, token_digest
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.repository import Channel, Message, WebhookEndpoint
from promesa.orders.repository import DoorPoint, ImportBatch
from promesa.planning.repository import (
    PlanRecord,
    PlanRoute,
    PlanState,
    PlanVisit,
    UnservedOrder,
)
from promesa.planning.road_tables import RoadTable, RoadTableKind
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.storage.unit_of_work import UnitOfWork
from promesa.tracking.eta import Basis
from promesa.tracking.repository import ArrivalEstimate, Fix
from tests.support.foresight_nouns import keep_foresight

DAY = date(2026, 11, 30)
MORNING = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
PLAZA = Position(lon=-70.6506, lat=-33.4378)
HOUR = timedelta(hours=1)


def an_id(*words: object) -> UUID:
    """The id that these words always give."""
    return derived_id("test", *words)


def a_tenant(name: str = "Uno") -> Tenant:
    return Tenant(id=an_id("tenant", name), name=name)


def an_actor(tenant_id: UUID) -> Actor:
    return Actor(kind=ActorKind.USER, id=an_id("user"), tenant_id=tenant_id, role=Role.DISPATCHER)


def a_person(word: str = "recipient") -> Person:
    return Person(
        id=an_id("person", word),
        name="Ana Pérez Soto",
        rut="12345678-5",
        phone="+56987654321",
        email="ana@example.cl",
        address_line="Avenida Providencia 1234",
        unit="Depto 56",
        instructions="Tocar el timbre",
    )


def an_order(word: str = "one") -> Order:
    order_id = an_id("order", word)
    return Order(
        id=order_id,
        merchant_id=an_id("merchant"),
        reference=f"N-{word}",
        state=OrderState.CONFIRMED,
        date=DAY,
        recipient_id=an_id("person", "recipient"),
        comuna="Providencia",
        placement=Placement(
            position=PLAZA,
            level=PlaceLevel.STREET,
            score=0.9,
            uncertainty_m=120.0,
            source=PlaceSource.CITY_INDEX,
            confirmed_by=an_id("user"),
        ),
        windows=(TimeWindow(start=MORNING, end=MORNING + HOUR),),
        skills=frozenset({"cold"}),
        terms=RouteTerms(bond="mudanza", bond_rank=1, never_vehicles=frozenset({"V-02"})),
        cod_clp=9990,
        product_class="grande",
        depot_id=an_id("depot"),
        parcels=tuple(
            Parcel(id=an_id("parcel", word, n), order_id=order_id, barcode=f"B-{word}-{n}")
            for n in (2, 1)
        ),
        items=(Item(name="Zapatillas", code="Z-42", quantity=2),),
        tags={"TIENDA": "Centro"},
    )


def an_event(tenant_id: UUID, word: str = "one") -> Event:
    order_id = an_id("order", "one")
    return Event(
        id=an_id("event", word),
        type="order.placed",
        subject_kind="order",
        subject_id=order_id,
        occurred_at=MORNING,
        recorded_at=MORNING + timedelta(seconds=2),
        actor=an_actor(tenant_id),
        position=PLAZA,
        evidence=(an_id("blob"),),
        data={"reference": "N-one", "parcels": 2},
        request_id="req-1",
        order_id=order_id,
        route_id=an_id("route"),
    )


def a_promise(version: int = 1) -> Promise:
    return Promise(
        order_id=an_id("order", "one"),
        version=version,
        window=TimeWindow(start=MORNING, end=MORNING + 2 * HOUR),
        made_at=MORNING - HOUR,
        cause="order_confirmed",
    )


def an_import() -> ImportBatch:
    return ImportBatch(
        id=an_id("import"),
        filename="pedidos.xlsx",
        layout="ours",
        imported_at=MORNING,
        imported_by=an_id("user"),
        merchant_id=an_id("merchant"),
        accepted=1,
        rejected=(FieldFault(field="phone", reason="Falta un dígito.", row=2),),
        rejected_rows=({"recipient_name": "Berta Rojas", "phone": "912"},),
        order_ids=(an_id("order", "one"),),
    )


def a_route(code: str = "R-01") -> Route:
    return Route(
        id=an_id("route") if code == "R-01" else an_id("route", code),
        code=code,
        date=DAY,
        depot_id=an_id("depot"),
        vehicle_id=an_id("vehicle"),
        driver_id=an_id("driver"),
        state=RouteState.PUBLISHED,
        version=1,
        rests=(RouteRest(start=MORNING, end=MORNING + timedelta(minutes=5)),),
    )


def a_route_version(number: int = 1) -> RouteVersion:
    planned = PlannedStop(
        stop_id=an_id("stop"),
        order_id=an_id("order", "one"),
        sequence=1,
        arrival=MORNING + HOUR,
        departure=MORNING + HOUR + timedelta(minutes=3),
        leg_duration_s=600,
        leg_distance_m=4000,
    )
    return RouteVersion(
        route_id=an_id("route"),
        number=number,
        published_at=MORNING,
        start=MORNING,
        end=MORNING + 2 * HOUR,
        stops=(planned,),
        distance_m=8000,
        duration_s=1200,
        geometry="_p~iF~ps|U",
        cause="planned",
        breaks=(RouteBreak(start=MORNING + HOUR, end=MORNING + HOUR + timedelta(minutes=30)),),
        reloads=(
            RouteReload(
                arrival=MORNING + HOUR,
                departure=MORNING + HOUR + timedelta(minutes=20),
                order_id=an_id("order", "one"),
            ),
        ),
    )


def a_stop() -> Stop:
    return Stop(
        id=an_id("stop"),
        order_id=an_id("order", "one"),
        route_id=an_id("route"),
        type=StopType.DELIVERY,
        position=PLAZA,
    )


def a_custody_entry(sequence: int = 1) -> CustodyEntry:
    return CustodyEntry(
        parcel_id=an_id("parcel", "one", 1),
        sequence=sequence,
        event_id=an_id("event", "one"),
        holder=Holder(kind=HolderKind.DEPOT, id=an_id("depot")),
        occurred_at=MORNING,
        recorded_at=MORNING,
        evidence=("ab" * 32,),
        previous_hash=bytes(32),
        hash=bytes([sequence]) * 32,
    )


def an_evidence() -> Evidence:
    return Evidence(
        id=an_id("evidence"),
        stop_id=an_id("stop"),
        order_id=an_id("order", "one"),
        kind=EvidenceKind.PHOTO,
        person_id=an_id("person", "recipient"),
        captured_at=MORNING,
        recorded_at=MORNING,
        digest="cd" * 32,
        blob_name="ef" * 16,
        media_type="image/jpeg",
        position=PLAZA,
    )


def a_message(word: str = "one") -> Message:
    return Message(
        id=an_id("message", word),
        kind="order_confirmed",
        channel=Channel.EMAIL,
        person_id=an_id("person", "recipient"),
        order_id=an_id("order", "one"),
        cause_event_id=an_id("event", "one"),
        queued_at=MORNING,
        due_at=MORNING,
        facts={"reference": "N-one", "hours": [10, 12]},
    )


def an_endpoint() -> WebhookEndpoint:
    return WebhookEndpoint(
        id=an_id("endpoint"),
        url="https://erp.example.cl/hook",
        secret="whsec_1234",
        merchant_id=an_id("merchant"),
        event_types=frozenset({"order.delivered", "order.placed"}),
    )


def a_depot() -> Depot:
    return Depot(
        id=an_id("depot"),
        code="CD-1",
        name="CD Quilicura",
        position=PLAZA,
        address="Camino a Lampa 1200",
        opens=time(6, 30),
        closes=time(22, 0),
    )


def a_vehicle() -> Vehicle:
    return Vehicle(
        id=an_id("vehicle"),
        code="V-01",
        plate="HKTR52",
        depot_id=an_id("depot"),
        capacity=Load(parcels=80, weight_g=900_000, volume_ml=6_000_000),
        skills=frozenset({"cold", "heavy"}),
        kind=VehicleKind.TRUCK,
        size=VehicleSize(height_cm=320),
        stops_max=40,
        trips_max=2,
        loading_time_s=1_200,
    )


def a_driver() -> Driver:
    return Driver(
        id=an_id("driver"),
        code="D-01",
        person_id=an_id("person", "driver"),
        meal_break=MealBreak(duration_s=1_800, earliest=time(13), latest=time(15)),
        duty_max_s=32_400,
        overtime_max_s=3_600,
        latest_start=time(10),
        areas=frozenset({"Maipú"}),
    )


def a_shift() -> Shift:
    return Shift(
        id=an_id("shift"),
        date=DAY,
        driver_id=an_id("driver"),
        vehicle_id=an_id("vehicle"),
        depot_id=an_id("depot"),
        start=MORNING,
        end=MORNING + 8 * HOUR,
    )


def a_plan() -> PlanRecord:
    visit = PlanVisit(
        order_id=an_id("order", "one"),
        arrival=MORNING + HOUR,
        departure=MORNING + HOUR + timedelta(minutes=3),
        leg_duration_s=600,
        leg_distance_m=4000,
    )
    route = PlanRoute(
        shift_id=an_id("shift"),
        vehicle_id=an_id("vehicle"),
        driver_id=an_id("driver"),
        depot_id=an_id("depot"),
        start=MORNING,
        end=MORNING + 2 * HOUR,
        visits=(visit,),
        distance_m=8000,
        duration_s=1200,
        geometry="_p~iF~ps|U",
        cost_clp=12_000,
    )
    return PlanRecord(
        id=an_id("plan"),
        date=DAY,
        state=PlanState.READY,
        seed=7,
        iterations=100,
        requested_at=MORNING,
        requested_by=an_id("user"),
        progress=1.0,
        routes=(route,),
        unserved=(UnservedOrder(order_id=an_id("order", "two"), code="capacity", sentence="No."),),
        left_for_review=(an_id("order", "three"),),
        cost_clp=12_000,
        notes=("Quedó 1 pedido por revisar.",),
    )


def a_parked_reaction() -> ParkedReaction:
    return ParkedReaction(
        event_id=an_id("event"),
        reaction="tell_webhooks",
        number=7,
        error="KeyError, react:7",
        parked_at=MORNING,
    )


def a_fix(second: int = 0, *, driver: str = "driver") -> Fix:
    return Fix(
        id=an_id("fix", driver, second),
        driver_id=an_id(driver),
        position=PLAZA,
        at=MORNING + timedelta(seconds=second),
        accuracy_m=8.5,
        speed_mps=7.25,
        source="traccar",
    )


def a_user(word: str = "user") -> User:
    return User(
        id=an_id(word),
        person_id=an_id("person", word),
        email_digest=token_digest("ana@example.cl"),
        role=Role.DISPATCHER,
        password_hash="$argon2id$v=19$m=65536",
    )


def a_merchant() -> Merchant:
    return Merchant(id=an_id("merchant"), code="ZAP", name="Zapatería", position=PLAZA)


def a_credential(tenant_id: UUID) -> Credential:
    return Credential(
        id=an_id("credential", tenant_id),
        kind=CredentialKind.API_KEY,
        digest=token_digest(f"key of {tenant_id}"),
        tenant_id=tenant_id,
        subject_id=an_id("merchant"),
        made_at=MORNING,
        prefix="pk_1",
    )


def an_answer() -> KeptAnswer:
    return KeptAnswer(
        actor_id=an_id("user"),
        key="k-1",
        request_digest=token_digest("body"),
        status=201,
        body=b'{"id": 1}',
        kept_at=MORNING,
    )


def an_estimate(horizon_min: int = 30) -> ArrivalEstimate:
    """Half an hour away at 09:00, give or take five minutes."""
    p50 = MORNING + timedelta(minutes=horizon_min)
    return ArrivalEstimate(
        stop_id=an_id("stop"),
        horizon_min=horizon_min,
        made_at=MORNING,
        p10=p50 - timedelta(minutes=5),
        p50=p50,
        p90=p50 + timedelta(minutes=5),
        basis=Basis.POSITION,
    )


def a_traffic_mark() -> TrafficMark:
    """A street closed for an hour."""
    return TrafficMark(
        id=an_id("mark"),
        line=(PLAZA,),
        is_both_ways=True,
        speed_kph=None,
        reason="Feria",
        start=MORNING,
        end=MORNING + timedelta(hours=1),
        author_id=an_id("user"),
        made_at=MORNING,
    )


def a_road_table() -> RoadTable:
    """A zone closed to motorcycles."""
    return RoadTable(
        kind=RoadTableKind.ZONES,
        content="id,name,vehicles,days,start,end,rule,price_clp,polygon\n",
        saved_at=MORNING,
        saved_by=an_id("user"),
    )


async def keep_one_of_each(tx: UnitOfWork) -> None:
    """Puts a row into every table."""
    await tx.people.put(a_person())
    await tx.orders.hold_barcodes(an_id("merchant"), ["B-one-1"])
    await tx.orders.add(an_order(), import_id=an_id("import"))
    await tx.imports.add(an_import())
    await tx.promises.add(a_promise())
    await tx.events.record(an_event(tx.tenant_id))
    await tx.door_points.put(
        DoorPoint(address_key=b"\1" * 32, position=PLAZA, uncertainty_m=12.5, deliveries=3)
    )
    await tx.routes.add(a_route())
    await tx.routes.add_version(a_route_version())
    await tx.routes.put_stop(a_stop())
    await tx.custody.append(a_custody_entry())
    await tx.proofs.put(an_evidence())
    await tx.outbox.queue(a_message())
    await tx.outbox.put_endpoint(an_endpoint())
    await tx.declined.save(a_person(), frozenset({Channel.SMS}), MORNING)
    await tx.fleet.put_depot(a_depot())
    await tx.fleet.put_vehicle(a_vehicle())
    await tx.fleet.put_driver(a_driver())
    await tx.fleet.put_shift(a_shift())
    await tx.plans.add(a_plan())
    await tx.tracks.append([a_fix()], MORNING)
    await tx.estimates.add([an_estimate()])
    await tx.access.put_user(a_user())
    await tx.access.put_merchant(a_merchant())
    await tx.access.put_credential(a_credential(tx.tenant_id))
    await tx.answers.add(an_answer())
    await tx.cursors.position("reader")
    await tx.parked.put(a_parked_reaction())
    await tx.traffic_marks.put(a_traffic_mark())
    await tx.road_tables.put(a_road_table())
    await keep_foresight(tx, a_depot().id)
