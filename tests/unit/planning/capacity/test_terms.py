"""Capacity terms: refused in words field by field, kept over the version that was read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from promesa.kernel.clock import MovedClock
from promesa.kernel.errors import FieldFault
from promesa.kernel.ids import Ids, derived_id
from promesa.planning.capacity.terms import (
    DepotTerms,
    TermsChangedError,
    TermsInvalidError,
    save_terms,
)
from promesa.planning.demand.calendar import Writer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WRITER = Writer(author_id=derived_id("user"), now=NOW, ids=Ids(MovedClock(NOW)))
TERMS = DepotTerms(depot_id=derived_id("depot"))


@dataclass
class Kept:
    """Terms in memory, as a store of them."""

    terms: dict[object, DepotTerms] = field(default_factory=dict)

    @property
    def capacity_terms(self) -> Kept:
        return self

    async def list_all(self) -> list[DepotTerms]:
        return list(self.terms.values())

    async def lock_all(self) -> list[DepotTerms]:
        return list(self.terms.values())

    async def list_versions(self, depot_id: UUID, *, limit: int) -> list[DepotTerms]:
        return [each for each in self.terms.values() if each.depot_id == depot_id][:limit]

    async def add(self, terms: DepotTerms) -> None:
        self.terms[terms.depot_id] = terms


async def faults_of(terms: DepotTerms) -> dict[str, str]:
    with pytest.raises(TermsInvalidError) as refused:
        await save_terms(Kept(), terms, WRITER)
    faults = refused.value.details["faults"]
    assert isinstance(faults, list)
    return {each.field: each.reason for each in faults if isinstance(each, FieldFault)}


async def test_saved_terms_have_a_version_an_author_and_an_hour() -> None:
    saved = await save_terms(Kept(), TERMS, WRITER)
    assert (saved.version, saved.author_id, saved.saved_at) == (1, WRITER.author_id, NOW)


async def test_a_carrier_is_named_without_blanks_around_and_not_for_ever() -> None:
    saved = await save_terms(Kept(), replace(TERMS, contract_carrier="  Ruta Sur "), WRITER)
    assert saved.contract_carrier == "Ruta Sur"
    faults = await faults_of(replace(TERMS, contract_carrier="x" * 81))
    assert "80 letras" in faults["contract_carrier"]


async def test_terms_are_saved_over_the_newest_version_alone() -> None:
    kept = Kept()
    first = await save_terms(kept, TERMS, WRITER)
    second = await save_terms(kept, replace(first, target=0.9), WRITER)
    assert second.version == 2
    with pytest.raises(TermsChangedError):
        await save_terms(kept, replace(first, target=0.8), WRITER)


async def test_vehicles_hired_for_nothing_are_asked_their_price() -> None:
    faults = await faults_of(replace(TERMS, contract_vehicles=3, spot_vehicles=2))
    assert "Falta lo que cuesta" in faults["contract_day_cost_clp"]
    assert "al día" in faults["spot_day_cost_clp"]


async def test_every_field_out_of_range_is_told_with_its_range() -> None:
    odd = replace(TERMS, contract_vehicles=-1, contract_days_min=99, doors=0, target=0.2)
    faults = await faults_of(odd)
    assert faults["contract_vehicles"] == "Las camionetas contratadas van de 0 a 2.000."
    assert faults["contract_days_min"].endswith("van de 1 a 28.")
    assert "déjalo vacío" in faults["doors"]
    assert faults["target"] == "La meta va de 50 % a 99,9 %."


async def test_a_van_cannot_load_longer_than_there_is_loading() -> None:
    faults = await faults_of(replace(TERMS, doors=2, loading_min=60, loading_span_min=30))
    assert list(faults) == ["loading_span_min"]


def test_doors_let_out_a_van_for_each_loading_of_the_span() -> None:
    assert replace(TERMS, doors=2, loading_min=25, loading_span_min=60).departures_max == 4
    assert TERMS.departures_max is None


def test_no_vehicles_are_no_contract_and_no_offer() -> None:
    assert (TERMS.contracts, TERMS.spot) == ((), ())
    hired = replace(TERMS, contract_vehicles=3, contract_day_cost_clp=80_000, contract_days_min=5)
    (contract,) = hired.contracts
    assert (contract.vehicles_max, contract.day_cost_clp, contract.days_min) == (3, 80_000, 5)
