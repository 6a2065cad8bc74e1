import pytest

from promesa.routing.budget import Budget, iterations_for


def test_a_budget_of_iterations_ends_after_as_many() -> None:
    spending = Budget(iterations=4).start()
    assert [spending.share(made) for made in (0, 1, 4, 6)] == [0.0, 0.25, 1.0, 1.5]


def test_of_two_limits_the_first_reached_ends_the_search() -> None:
    assert Budget(iterations=1_000_000, seconds=0).start().share(0) >= 1.0
    assert Budget(iterations=0, seconds=86_400).start().share(0) >= 1.0


def test_each_start_has_its_own_stopwatch() -> None:
    budget = Budget(seconds=0.2)
    first = budget.start()
    while first.share(0) < 1.0:
        continue
    assert budget.start().share(0) < 1.0


@pytest.mark.parametrize("wrong", [{}, {"iterations": -1}, {"seconds": -0.1}])
def test_a_budget_without_a_sensible_limit_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Budget(**wrong)


def test_part_of_a_budget_is_a_budget_of_its_own() -> None:
    assert Budget(iterations=10, seconds=8.0).part(0.25) == Budget(iterations=2, seconds=2.0)
    assert Budget(iterations=10).part(1.0) == Budget(iterations=10)


def test_a_bigger_day_is_searched_for_longer() -> None:
    assert iterations_for(0, 1_000) == iterations_for(600, 1_000) == 1_000
    assert iterations_for(3_600, 1_000) == 6_000
