"""Every table of the database, for migrations and their tests."""

from promesa.storage import (
    access,
    answers,
    custody,
    declined,
    door_points,
    estimates,
    events,
    fleet,
    imports,
    orders,
    outbox,
    parked,
    people,
    plans,
    promise_terms,
    promises,
    proofs,
    reservations,
    road_tables,
    routes,
    tenants,
    tracks,
    traffic_marks,
)
from promesa.storage.columns import METADATA

# Importing a noun's module puts its tables into METADATA.
NOUNS = (
    access,
    answers,
    custody,
    declined,
    door_points,
    estimates,
    events,
    fleet,
    imports,
    orders,
    outbox,
    parked,
    people,
    plans,
    promise_terms,
    promises,
    proofs,
    reservations,
    road_tables,
    routes,
    tenants,
    tracks,
    traffic_marks,
)

__all__ = ["METADATA", "NOUNS"]
