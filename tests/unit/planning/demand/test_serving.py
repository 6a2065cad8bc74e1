"""Who serves a series: the depot it names, else the one of its comuna."""

from __future__ import annotations

from promesa.planning.demand.series import SeriesKey
from promesa.planning.demand.serving import AS_NAMED, DepotShare, ServingDepots

SERVING = ServingDepots(codes=frozenset({"SUR", "NORTE"}), by_comuna={"Maipú": "SUR"})


def test_a_series_is_of_the_depot_it_names_else_of_its_comunas() -> None:
    assert SERVING.of(SeriesKey(comuna="Maipú", depot="NORTE")) == "NORTE"
    assert SERVING.of(SeriesKey(comuna="Maipú")) == "SUR"


def test_one_that_names_a_depot_there_is_no_more_is_its_comunas() -> None:
    assert SERVING.of(SeriesKey(comuna="Maipú", depot="CERRADO")) == "SUR"


def test_of_a_comuna_that_nobody_knows_nobody_knows_the_depot() -> None:
    assert SERVING.of(SeriesKey(comuna="Macondo")) == ""


def test_placed_series_keep_comuna_and_class() -> None:
    keys = [SeriesKey(comuna="Maipú", product_class="grande")]
    assert SERVING.placed(keys) == (SeriesKey(comuna="Maipú", depot="SUR", product_class="grande"),)


def test_without_depots_series_are_as_they_are_named() -> None:
    key = SeriesKey(comuna="Maipú", depot="CD")
    assert AS_NAMED.placed([key]) == (key,)


def test_orders_without_a_depot_are_shared_as_they_are_expected() -> None:
    expected = {"Maipú": {"SUR": 30.0, "NORTE": 10.0}}
    south = DepotShare(depot="SUR", serving=SERVING, expected=expected)
    assert south.of(SeriesKey(comuna="Maipú")) == 0.75
    assert south.of(SeriesKey(comuna="Maipú", depot="NORTE")) == 0
    assert south.of(SeriesKey(comuna="Maipú", depot="SUR")) == 1
    everybody = DepotShare(depot=None, serving=SERVING, expected=expected)
    assert everybody.of(SeriesKey(comuna="Macondo")) == 1


def test_a_comuna_that_is_not_expected_is_its_own_depots() -> None:
    south = DepotShare(depot="SUR", serving=SERVING, expected={})
    assert south.of(SeriesKey(comuna="Maipú")) == 1
    assert south.of(SeriesKey(comuna="Macondo")) == 0
