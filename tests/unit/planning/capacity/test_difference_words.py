"""What a change costs and keeps, in numbers as Chile writes them."""

from promesa.planning.capacity.what_if import difference_words


def test_thousands_have_dots_and_decimals_a_comma() -> None:
    assert difference_words(1_528_275, kept=-0.025) == "−2,5 puntos, $1.528.275 más"
    assert difference_words(-120_000, kept=0.01) == "+1,0 puntos, $120.000 menos"
