"""What a planner keeps of a depot's capacity: who can be hired, what doors let out, what to aim at.

One contract and one spot offer a depot; a fleet file of `promesa capacity` may name more. A version
is never changed: taking one back is saving the one before once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.errors import ConflictError, FieldFault, InvalidError
from promesa.planning.capacity.sizing import TARGET_DEFAULT
from promesa.planning.capacity.sources import CONTRACTED, Contract, Spot
from promesa.planning.demand.calendar import Writer
from promesa.routing.words import thousands

VEHICLES_MAX = 2_000
DAY_COST_MAX_CLP = 5_000_000
DAYS_MIN_MAX = 28
DOORS_MAX = 500
LOADING_MAX_MIN = 240
# A morning of loading from 06:30 to 09:30 (assumed), and a van a quarter of an hour at the door.
LOADING_SPAN_MIN_DEFAULT = 180
LOADING_SPAN_MAX_MIN = 1_440
LOADING_MIN_DEFAULT = 15
TARGET_MIN, TARGET_MAX = 0.5, 0.999
CARRIER_CHARS_MAX = 80
SPOT = "al día"


class TermsInvalidError(InvalidError):
    """Terms that cannot be meant; each field says why."""

    code: ClassVar[str] = "capacity_terms_invalid"
    message: ClassVar[str] = "Esas condiciones no sirven así. Corrige los campos que se indican."


class TermsChangedError(ConflictError):
    """Somebody saved the terms since they were read."""

    code: ClassVar[str] = "capacity_terms_changed"
    message: ClassVar[str] = (
        "Otra persona cambió estas condiciones mientras las mirabas. Recarga y vuelve a guardar."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotTerms:
    """The terms of one depot.

    Attributes:
        contract_vehicles: How many a carrier holds ready at most; 0 for no contract.
        contract_carrier: Its name; empty where nobody said.
        contract_day_cost_clp: Of one, used or not.
        contract_days_min: Days of delivery in a row a hire lasts at least.
        spot_vehicles: How many come on the day itself at most.
        spot_day_cost_clp: Of one, paid only when it comes.
        doors: Where vans load at once; None when doors limit nothing.
        loading_min: Minutes a van stands at a door.
        loading_span_min: Minutes from the first van at a door to the last one gone.
        target: Share of promises to keep.
        version: 0 while nobody has saved any.
    """

    depot_id: UUID
    contract_vehicles: int = 0
    contract_carrier: str = ""
    contract_day_cost_clp: int = 0
    contract_days_min: int = 1
    spot_vehicles: int = 0
    spot_day_cost_clp: int = 0
    doors: int | None = None
    loading_min: int = LOADING_MIN_DEFAULT
    loading_span_min: int = LOADING_SPAN_MIN_DEFAULT
    target: float = TARGET_DEFAULT
    version: int = 0
    author_id: UUID | None = None
    saved_at: datetime | None = None

    @property
    def departures_max(self) -> int | None:
        """Vans the doors let out on a day; None for no limit."""
        if self.doors is None:
            return None
        return self.doors * (self.loading_span_min // self.loading_min)

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """As sizing takes them; none without vehicles."""
        if not self.contract_vehicles:
            return ()
        contract = Contract(
            name=self.contract_carrier or CONTRACTED,
            vehicles_max=self.contract_vehicles,
            day_cost_clp=self.contract_day_cost_clp,
            days_min=self.contract_days_min,
        )
        return (contract,)

    @property
    def spot(self) -> tuple[Spot, ...]:
        """Likewise."""
        if not self.spot_vehicles:
            return ()
        offer = Spot(
            name=SPOT, vehicles_max=self.spot_vehicles, day_cost_clp=self.spot_day_cost_clp
        )
        return (offer,)


class TermsRepository(Protocol):
    """The capacity terms of one tenant's depots."""

    async def list_all(self) -> list[DepotTerms]:
        """The newest of every depot somebody saved terms of, by depot id."""
        ...

    async def list_versions(self, depot_id: UUID, *, limit: int) -> list[DepotTerms]:
        """Of one depot, the newest first."""
        ...

    async def lock_all(self) -> list[DepotTerms]:
        """The same, held against other writers until the transaction ends."""
        ...

    async def add(self, terms: DepotTerms) -> None: ...


class TermsStore(Protocol):
    """The unit of work as capacity terms see it."""

    @property
    def capacity_terms(self) -> TermsRepository: ...


async def save_terms(tx: TermsStore, terms: DepotTerms, writer: Writer) -> DepotTerms:
    """Keeps terms over the version that was read, with who says so.

    Raises:
        TermsInvalidError: They cannot be meant.
        TermsChangedError: ``terms.version`` is not the newest.
    """
    if faults := list(_faults(terms)):
        raise TermsInvalidError(faults=faults)
    known = {each.depot_id: each.version for each in await tx.capacity_terms.lock_all()}
    if known.get(terms.depot_id, 0) != terms.version:
        raise TermsChangedError
    saved = replace(
        terms,
        contract_carrier=terms.contract_carrier.strip(),
        version=terms.version + 1,
        author_id=writer.author_id,
        saved_at=writer.now,
    )
    await tx.capacity_terms.add(saved)
    return saved


def _faults(terms: DepotTerms) -> Iterator[FieldFault]:
    limits = (
        ("contract_vehicles", 0, VEHICLES_MAX, "Las camionetas contratadas"),
        ("contract_day_cost_clp", 0, DAY_COST_MAX_CLP, "El precio en pesos del día contratado"),
        ("contract_days_min", 1, DAYS_MIN_MAX, "Los días de reparto seguidos de una contratación"),
        ("spot_vehicles", 0, VEHICLES_MAX, "Las camionetas al día"),
        ("spot_day_cost_clp", 0, DAY_COST_MAX_CLP, "El precio en pesos de una al día"),
        ("loading_min", 1, LOADING_MAX_MIN, "Los minutos de carga en el andén"),
        ("loading_span_min", 1, LOADING_SPAN_MAX_MIN, "Los minutos en que se carga"),
    )
    for field, least, most, words in limits:
        if not least <= getattr(terms, field) <= most:
            verb = "va" if words.startswith("El ") else "van"
            yield FieldFault(field=field, reason=f"{words} {verb} de {least} a {thousands(most)}.")
    if terms.doors is not None and not 1 <= terms.doors <= DOORS_MAX:
        reason = f"Los andenes van de 1 a {DOORS_MAX}; déjalo vacío si no limitan."
        yield FieldFault(field="doors", reason=reason)
    if terms.loading_min > terms.loading_span_min:
        reason = "Una camioneta carga más tiempo del que se carga en total."
        yield FieldFault(field="loading_span_min", reason=reason)
    if not TARGET_MIN <= terms.target <= TARGET_MAX:
        yield FieldFault(field="target", reason="La meta va de 50 % a 99,9 %.")
    if len(terms.contract_carrier.strip()) > CARRIER_CHARS_MAX:
        reason = f"El nombre del transportista lleva hasta {CARRIER_CHARS_MAX} letras."
        yield FieldFault(field="contract_carrier", reason=reason)
    yield from _price_faults(terms)


def _price_faults(terms: DepotTerms) -> Iterator[FieldFault]:
    """Vehicles for nothing would be hired before one's own."""
    for kind, words in (("contract", "contratada"), ("spot", "al día")):
        if getattr(terms, f"{kind}_vehicles") and not getattr(terms, f"{kind}_day_cost_clp"):
            reason = f"Falta lo que cuesta el día de una camioneta {words}."
            yield FieldFault(field=f"{kind}_day_cost_clp", reason=reason)
