"""One transaction of one tenant, with a repository for each noun.

It implements, by its shape alone, the stores that the slices state in their own packages. Nobody
who holds one commits: whoever opened the transaction does, by leaving its block.
"""

from __future__ import annotations

from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.kernel.ids import Ids
from promesa.storage.absences import Absences
from promesa.storage.access import Access
from promesa.storage.answers import Answers, Cursors
from promesa.storage.blobs import BlobStore
from promesa.storage.capacity_terms import CapacityTerms
from promesa.storage.custody import CustodyLedger
from promesa.storage.declined import DeclinedChannels
from promesa.storage.demand_events import DemandEvents
from promesa.storage.demand_forecasts import DemandForecasts
from promesa.storage.demand_history import DemandHistories
from promesa.storage.demand_overrides import DemandOverrides
from promesa.storage.door_points import DoorPoints
from promesa.storage.driven_routes import DrivenRoutes
from promesa.storage.estimates import Estimates
from promesa.storage.events import EventLog
from promesa.storage.fleet import Fleet
from promesa.storage.imports import Imports
from promesa.storage.labour_rules import LabourVersions
from promesa.storage.orders import Orders
from promesa.storage.outbox import Outbox
from promesa.storage.parked import ParkedReactions
from promesa.storage.people import People
from promesa.storage.plans import Plans
from promesa.storage.promise_history import PromiseHistory
from promesa.storage.promise_terms import PromiseTerms
from promesa.storage.promises import Promises
from promesa.storage.proofs import Proofs
from promesa.storage.rehearsals import Rehearsals
from promesa.storage.reservations import Reservations
from promesa.storage.road_tables import RoadTables
from promesa.storage.routes import Routes
from promesa.storage.tracks import Tracks
from promesa.storage.traffic_marks import TrafficMarks
from promesa.storage.vault import Vault


class UnitOfWork:
    """The repositories of one transaction.

    Args:
        tx: A connection inside a transaction whose tenant is already set.
        driver: The driver's connection underneath it.
    """

    def __init__(
        self,
        tx: AsyncConnection,
        driver: asyncpg.Connection,
        *,
        tenant_id: UUID,
        ids: Ids,
        blobs: BlobStore,
    ) -> None:
        self.tenant_id = tenant_id
        self.people = People(tx, driver, ids)
        self.vault = Vault(self.people, blobs, ids)
        self.orders = Orders(tx, self.people)
        self.imports = Imports(tx, self.people)
        self.events = EventLog(tx, driver)
        self.promises = Promises(tx)
        self.door_points = DoorPoints(tx, self.people)
        self.routes = Routes(tx)
        self.custody = CustodyLedger(tx)
        self.proofs = Proofs(tx)
        self.outbox = Outbox(tx)
        self.declined = DeclinedChannels(tx, self.people)
        self.fleet = Fleet(tx)
        self.plans = Plans(tx)
        self.tracks = Tracks(tx, driver)
        self.estimates = Estimates(tx)
        self.access = Access(tx)
        self.answers = Answers(tx, self.people)
        self.cursors = Cursors(tx)
        self.parked = ParkedReactions(tx)
        self.traffic_marks = TrafficMarks(tx)
        self.road_tables = RoadTables(tx)
        self.demand_events = DemandEvents(tx)
        self.demand_forecasts = DemandForecasts(tx)
        self.demand_history = DemandHistories(tx)
        self.demand_overrides = DemandOverrides(tx)
        self.rehearsals = Rehearsals(tx)
        self.reservations = Reservations(tx)
        self.promise_terms = PromiseTerms(tx, self.people)
        self.promise_history = PromiseHistory(tx)
        self.capacity_terms = CapacityTerms(tx)
        self.driven_routes = DrivenRoutes(tx)
        self.labour_rules = LabourVersions(tx)
        self.absences = Absences(tx)
