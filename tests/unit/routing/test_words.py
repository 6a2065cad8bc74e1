from promesa.routing.words import clock, list_words, pesos, span


def test_hours_and_sums_are_said_as_in_chile() -> None:
    assert clock(15 * 3_600 + 5 * 60) == "15:05"
    assert clock(24 * 3_600 + 60) == "00:01 del día siguiente"
    assert pesos(34_500) == "$34.500"
    assert pesos(-969) == "−$969"


def test_a_list_ends_with_y() -> None:
    assert [list_words([]), list_words(["a"]), list_words(["a", "b", "c"])] == ["", "a", "a, b y c"]


def test_a_length_of_time_is_said_in_hours_and_minutes() -> None:
    assert [span(60), span(3_600), span(9_001)] == ["1 min", "1 h", "2 h 31 min"]
