import pytest

from promesa.routing.budget import Budget


def test_a_budget_of_iterations_ends_after_as_many() -> None:
    is_spent = Budget(iterations=2).start()
    assert [is_spent(0), is_spent(0), is_spent(0)] == [False, False, True]


def test_of_two_limits_the_first_reached_ends_the_search() -> None:
    is_spent = Budget(iterations=1_000_000, seconds=0).start()
    assert is_spent(0)


def test_each_start_counts_anew() -> None:
    budget = Budget(iterations=1)
    assert budget.start()(0) is False
    assert budget.start()(0) is False


@pytest.mark.parametrize("wrong", [{}, {"iterations": -1}, {"seconds": -0.1}])
def test_a_budget_without_a_sensible_limit_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Budget(**wrong)
