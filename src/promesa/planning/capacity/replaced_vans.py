"""Who drives instead of own vans: by contract, called for the day, or nobody; and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from promesa.planning.capacity.board import DepotBoard
from promesa.planning.capacity.sizing import DayPlan
from promesa.planning.capacity.sources import DepotFleet
from promesa.routing.words import list_words, pesos, thousands


def replaced_words(
    fleets: Sequence[DepotFleet],
    before: Sequence[DepotBoard],
    after: Sequence[DepotBoard],
    *,
    since: date = date.min,
) -> str:
    """As ``Salen 12 camionetas propias menos, sumando los días: las reemplazan 12 por contrato …``.

    Args:
        fleets: As they are: they say what who comes costs.
        before: As planned now.
        after: With fewer own vans.
        since: The first day that counts.
    """

    def more(count: Callable[[DayPlan], int]) -> int:
        return sum(map(count, _days(after, since))) - sum(map(count, _days(before, since)))

    less = -more(lambda day: day.mix.own)
    if less <= 0:
        return "Las que quedan alcanzan: las que se quitan no iban a salir."
    one = less == 1
    told = "Sale 1 camioneta propia menos" if one else f"Salen {thousands(less)} propias menos"
    contracted = more(lambda day: sum(day.mix.contracted))
    spot, gap = more(lambda day: sum(day.mix.spot)), more(lambda day: day.gap)
    ways = []
    if contracted > 0:
        ways.append(f"{thousands(contracted)} por contrato{_price(fleets, _contract_clp)}")
    if spot > 0:
        ways.append(f"hasta {thousands(spot)} al día{_price(fleets, _spot_clp)}")
    who = f"{'la' if one else 'las'} {'reemplaza' if contracted + spot == 1 else 'reemplazan'}"
    parts = [f"{who} {list_words(ways)}"] if ways else []
    if gap > 0:
        verb = "queda" if gap == 1 else "quedan"
        parts.append(
            f"{thousands(gap)} {verb} sin reemplazo y se {'nota' if gap == 1 else 'notan'}"
            " en lo que se cumple"
        )
    if not parts:
        parts = ["las demás del CD hacen su trabajo, y no viene nadie de fuera"]
    return f"{told}, sumando los días: {'; '.join(parts)}."


def called_words(day: DayPlan, own_left: int) -> str:
    """Why vans are called for a day on which own ones stay; empty where none are, or none stay.

    An own van that nobody put on a shift is paid each time it goes out; one that is called only
    when it comes.

    Args:
        day: As planned.
        own_left: Own vans that nobody needs to pay that day.
    """
    called = sum(day.mix.spot)
    if not called or own_left <= 0:
        return ""
    mean = f"{day.spot_mean:.1f}".replace(".", ",")
    them = "se llama" if called == 1 else "se llaman"
    other = "la propia que queda" if own_left == 1 else f"otra de las {own_left} propias que quedan"
    return (
        f"Sólo {them} si el día viene más grande que lo usual ({mean} en promedio): así cuesta "
        f"menos que dar turno a {other}."
    )


def _days(boards: Sequence[DepotBoard], since: date) -> Iterator[DayPlan]:
    return (day for board in boards for day in board.plan.days if day.date >= since)


def _price(fleets: Sequence[DepotFleet], costs: Callable[[DepotFleet], Iterator[int]]) -> str:
    """What one costs a day, where depots pay different prices from the least to the most."""
    found = sorted({clp for fleet in fleets for clp in costs(fleet)})
    if not found:
        return ""
    span = pesos(found[0]) if len(found) == 1 else f"de {pesos(found[0])} a {pesos(found[-1])}"
    return f" ({span} cada una al día)"


def _contract_clp(fleet: DepotFleet) -> Iterator[int]:
    return (contract.day_cost_clp for contract in fleet.contracts)


def _spot_clp(fleet: DepotFleet) -> Iterator[int]:
    return (offer.day_cost_clp for offer in fleet.spot)
