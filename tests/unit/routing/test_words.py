from promesa.domain.fleet import Load
from promesa.routing.words import capacity_gap, clock, list_words, pesos, span
from tests.support.routing_days import stop, van


def test_hours_and_sums_are_said_as_in_chile() -> None:
    assert clock(15 * 3_600 + 5 * 60) == "15:05"
    assert clock(24 * 3_600 + 60) == "00:01 del día siguiente"
    assert clock(-90 * 60) == "22:30 del día anterior"
    assert clock(49 * 3_600) == "01:00 de 2 días después"
    assert pesos(34_500) == "$34.500"
    assert pesos(-969) == "−$969"


def test_a_list_ends_with_y() -> None:
    assert [list_words([]), list_words(["a"]), list_words(["a", "b", "c"])] == ["", "a", "a, b y c"]


def test_a_length_of_time_is_said_in_hours_and_minutes() -> None:
    assert [span(60), span(3_600), span(9_001)] == ["1 min", "1 h", "2 h 31 min"]


def test_a_gap_of_less_than_a_kilo_is_said_behind_the_comma() -> None:
    small = van(capacity=Load(parcels=1, weight_g=20_000, volume_ml=400))
    heavy = stop(1, delivered=Load(parcels=1, weight_g=20_450, volume_ml=1_000))
    assert capacity_gap(heavy, [small]) == (
        "trae 20,45 kg y el más grande lleva 20 y trae 1 litro y el más grande lleva 0"
    )
    tiny = stop(1, delivered=Load(parcels=1, weight_g=20_000, volume_ml=500))
    assert capacity_gap(tiny, [small]) == "trae 0,5 litros y el más grande lleva 0,4"
