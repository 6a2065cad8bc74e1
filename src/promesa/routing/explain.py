"""Why a stop is left out of a plan, in a dispatcher's words, and what would let it in.

Nothing is guessed: each sentence comes from putting the stop into the plan's own routes with one
limit lifted at a time (its window, the load, the shift, the fleet) and seeing whether it fits.
"""

from __future__ import annotations

from promesa.routing.explanation import Cause, Explanation, Option, Remedy
from promesa.routing.hopeless import find_hopeless
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem
from promesa.routing.trial import Trial, one_more_vehicle

# Trying all that would let a stop in takes a tenth of a second on long routes; beyond these, causes
# repeat, and only what one vehicle more would do is tried, which takes a hundredth.
EXPLAINED_MAX = 25


def explain(
    problem: Problem, plan: Plan, params: RoutingParams = DEFAULT_PARAMS
) -> tuple[Explanation, ...]:
    """One explanation per unserved stop, in the plan's order.

    All that would let a stop in is tried for EXPLAINED_MAX of those an empty vehicle could serve.
    """
    found, tried = [], 0
    for stop in plan.unserved:
        hopeless = find_hopeless(problem, stop)
        if hopeless is None and tried >= EXPLAINED_MAX:
            found.append(_one_of_many(problem, stop))
            continue
        tried += hopeless is None
        found.append(hopeless or _tried(problem, plan, stop, params))
    return tuple(found)


def _tried(problem: Problem, plan: Plan, stop: int, params: RoutingParams) -> Explanation:
    trial = Trial(problem, plan, stop)
    options = tuple(sorted(trial.options(), key=_usefulness))
    cause, reason = trial.cause(options, params)
    if options:
        reason = f"{reason}; {options[0].sentence}"
    sentence, name = f"{_capital(reason)}.", problem.stops[stop].id
    return Explanation(stop=name, cause=cause, sentence=sentence, options=options)


def _one_of_many(problem: Problem, stop: int) -> Explanation:
    option = one_more_vehicle(problem, stop)
    can = "con un vehículo más tampoco cabría" if option is None else option.sentence
    return Explanation(
        stop=problem.stops[stop].id,
        cause=Cause.NOT_EXPLAINED,
        sentence=f"Quedó fuera, como otras más; {can}.",
        options=() if option is None else (option,),
    )


def _usefulness(option: Option) -> tuple[int, int]:
    """What needs nothing comes first, then the cheapest.

    A van does not grow: more space tells why, but is the last thing to offer.
    """
    rank = {Remedy.ANYWAY: 0, Remedy.MORE_CAPACITY: 2}.get(option.remedy, 1)
    return rank, option.cost_clp


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
