"""Own vans that stay at home while another depot hires: who has them, when, and what that costs.

Judged as a what-if is: the other depot planned again with them, in the same scenarios. Their own
depot is not, as nothing of its plan drives them. The drive between depots is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from promesa.planning.capacity.board import DepotBoard, case_of, make_board
from promesa.planning.capacity.board_changes import driving_of
from promesa.planning.capacity.moved_vans import MovedVans, with_moved
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.sizing import DayPlan, FleetPlan
from promesa.planning.capacity.sources import DepotFleet, own_paid
from promesa.planning.capacity.words import day_name, vans
from promesa.routing.words import pesos

# Each takes a plan of a depot: those of most money are told.
MOVES_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeVans:
    """Vans of ``home`` that could drive from ``other`` on a day.

    Attributes:
        moved: How many would, from where to where.
        free: How many stay at home.
        rostered: Whether their drivers have a shift.
        saved_clp: What the plan of both depots costs less, over all days; negative for more.
        covered: Of the vans missing on the day, so many would not be.
        gap: Those missing now.
    """

    moved: MovedVans
    day: date
    free: int
    rostered: bool
    saved_clp: int
    covered: int
    gap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDoor:
    """All that could move.

    Attributes:
        free: By day.
        together_clp: What all moves of several days to a depot save, by its code: a hire that
            lasts is spared only with all of its days.
    """

    free: tuple[FreeVans, ...] = ()
    together_clp: Mapping[str, int] = field(default_factory=dict)


NOBODY = NextDoor()


def next_door(
    case: CapacityCase,
    boards: Sequence[DepotBoard],
    targets: Mapping[str, float],
    *,
    since: date,
) -> NextDoor:
    """What moving idle vans would bring; nothing where it brings nothing.

    Args:
        case: The boards are of.
        boards: As planned now.
        targets: Share of promises to keep, by depot.
        since: The first day on which a van may still be moved.

    Raises:
        CapacityNotSolvedError: A depot found no plan in its time.
    """
    fleets = {fleet.depot: fleet for fleet in case.fleets}
    asked = [
        (day, place, board)
        for board in boards
        for place, day in enumerate(board.plan.days)
        if day.date >= since and not day.is_held_by_doors and _wanted(day)
    ]
    asked.sort(key=lambda each: (-each[0].gap, -_hired_clp(each[0], fleets), each[0].date))
    pairs = [
        (board, home, place)
        for _, place, board in asked
        if (home := _home(board, boards, fleets, place)) is not None
    ]
    found = [_judged(case, pair, boards, targets) for pair in pairs[:MOVES_MAX]]
    moves: dict[str, list[FreeVans]] = defaultdict(list)
    for each in sorted(found, key=lambda each: (each.day, each.moved.other)):
        moves[each.moved.other].append(each)
    together = {
        other: _replanned(case, [each.moved for each in own], boards, targets).saved_clp
        for other, own in moves.items()
        if len(own) > 1
    }
    return NextDoor(
        free=tuple(
            each
            for own in moves.values()
            for each in own
            if each.saved_clp > 0
            or each.covered
            or together.get(each.moved.other, 0) > sum(max(0, day.saved_clp) for day in own)
        ),
        together_clp=together,
    )


def next_door_sentences(found: NextDoor, names: Mapping[str, str]) -> Iterator[str]:
    """Each day, then what all days of a depot save together."""
    yield from (free_sentence(each, names) for each in found.free)
    for other, saved_clp in found.together_clp.items():
        days = sum(each.moved.other == other for each in found.free)
        if saved_clp > 0 and days > 1:
            yield f"Moverlas los {days} días a {names[other]} ahorra {pesos(saved_clp)} en total."


def free_sentence(found: FreeVans, names: Mapping[str, str]) -> str:
    """As ``martes 6: CD Quilicura tiene 8 camionetas con turno que no necesita; …``."""
    home, other = names[found.moved.home], names[found.moved.other]
    kind = " con turno" if found.rostered else f" propia{'' if found.free == 1 else 's'}"
    count, them = found.moved.vehicles, "moverla" if found.free == 1 else "moverlas"
    move = f"{them} a {other}" if count == found.free else f"mover {count} a {other}"
    brings = f"ahorra {pesos(found.saved_clp)}"
    if found.saved_clp <= 0:
        brings = "ahorra sólo junto con los otros días"
    if found.covered:
        covers = f"cubre {found.covered} de las {found.gap} que faltan"
        covers = "cubre la que falta" if found.gap == 1 else covers
        more = f", por {pesos(-found.saved_clp)} más" if found.saved_clp < 0 else ""
        brings = f"{covers} y {brings}" if found.saved_clp > 0 else f"{covers}{more}"
    return (
        f"{day_name(found.day)}: {home} tiene {vans(found.free)}{kind} que no necesita; "
        f"{move} {brings}."
    )


def _wanted(day: DayPlan) -> int:
    """Vans that are hired or missing."""
    return sum(day.mix.contracted) + sum(day.mix.spot) + day.gap


def _hired_clp(day: DayPlan, fleets: Mapping[str, DepotFleet]) -> float:
    return day.cost_clp - day.own_paid * fleets[day.depot].own_day_cost_clp


def _free(board: DepotBoard, fleets: Mapping[str, DepotFleet], place: int) -> int:
    """Own vans that the plan leaves at home on a day."""
    return fleets[board.depot].on(place).own - board.plan.days[place].mix.own


def _home(
    other: DepotBoard,
    boards: Sequence[DepotBoard],
    fleets: Mapping[str, DepotFleet],
    place: int,
) -> DepotBoard | None:
    """The depot that has most to give on a day; None where none has any."""
    able = [
        board
        for board in boards
        if board.depot != other.depot
        and not board.plan.days[place].gap
        and _free(board, fleets, place) > 0
    ]
    return max(able, key=lambda board: _free(board, fleets, place), default=None)


def _judged(
    case: CapacityCase,
    pair: tuple[DepotBoard, DepotBoard, int],
    boards: Sequence[DepotBoard],
    targets: Mapping[str, float],
) -> FreeVans:
    other, home, place = pair
    fleets = {fleet.depot: fleet for fleet in case.fleets}
    before = other.plan.days[place]
    free = _free(home, fleets, place)
    moved = MovedVans(
        vehicles=min(free, _wanted(before)), home=home.depot, other=other.depot, day=before.date
    )
    after = _replanned(case, [moved], boards, targets)
    return FreeVans(
        moved=moved,
        day=before.date,
        free=free,
        rostered=fleets[home.depot].on(place).rostered > 0,
        saved_clp=after.saved_clp,
        covered=max(0, before.gap - after.plan.days[place].gap),
        gap=before.gap,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replanned:
    """The depot that takes vans, and what it costs less with those that give them."""

    plan: FleetPlan
    saved_clp: int


def _replanned(
    case: CapacityCase,
    moves: Sequence[MovedVans],
    boards: Sequence[DepotBoard],
    targets: Mapping[str, float],
) -> _Replanned:
    """With moves to one depot, of a day each."""
    plans = {board.depot: board.plan for board in boards}
    changed, other = case, moves[0].other
    for moved in moves:
        changed = with_moved(changed, moved, driving_of(boards, moved.home))
    (after,) = make_board(case_of(changed, other), targets)
    saved_clp = plans[other].cost_clp - after.plan.cost_clp
    fleets = {fleet.depot: fleet for fleet in changed.fleets}
    for moved in moves:
        place = next(number for number, day in enumerate(after.plan.days) if day.date == moved.day)
        own, left = plans[moved.home].days[place], fleets[moved.home].on(place)
        saved_clp += (own.own_paid - own_paid(left, own.mix.own)) * left.own_day_cost_clp
    return _Replanned(plan=after.plan, saved_clp=saved_clp)
