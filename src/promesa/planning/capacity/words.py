"""What a capacity plan says to who has to act: the day, the depot, how many vehicles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from promesa.planning.capacity.door_words import blocked_words
from promesa.planning.capacity.hires import Hire, Lent
from promesa.planning.capacity.plan import CapacityPlan
from promesa.planning.capacity.sizing import DayPlan, FleetPlan
from promesa.planning.capacity.sources import CONTRACTED
from promesa.routing.words import list_words, pesos, thousands

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
# Below this share of parts of a zone nobody sorts parcels apart.
_LENT_SHARE_MIN = 0.02


def day_name(day: date) -> str:
    """As ``martes 3``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day}"


def long_day_name(day: date) -> str:
    """As ``martes 3 de noviembre``."""
    return f"{day_name(day)} de {MONTHS[day.month - 1]}"


def short_depot(name: str) -> str:
    """As ``San Joaquín`` of ``CD San Joaquín``, where a cell has no room."""
    return name.removeprefix("CD ")


def per_cent(share: float, decimals: int = 0) -> str:
    """As ``97 %`` or ``97,4 %``; never rounded up to a whole that it is not."""
    cut = cut_share(share, decimals) * 100
    return f"{cut:.{decimals}f} %".replace(".", ",")


def cut_share(share: float, decimals: int = 1) -> float:
    """The share as words and sheets show it, cut after so many decimals of a per cent."""
    places = 10 ** (decimals + 2)
    return float(int(share * places + 1e-6) / places)


def target_words(share: float) -> str:
    """As ``97 %`` or ``93,5 %``: a decimal where there is one."""
    return per_cent(share, 1).replace(",0 %", " %")


def vans(count: int) -> str:
    """As ``1 camioneta`` or ``14 camionetas``."""
    return f"{count} {'camioneta' if count == 1 else 'camionetas'}"


def lacking_words(count: int) -> str:
    """As ``falta 1 camioneta`` or ``faltan 14 camionetas``."""
    return f"{'falta' if count == 1 else 'faltan'} {vans(count)}"


def kept_words(day: DayPlan, target: float, why: str = "") -> str:
    """What a day that lacks vans keeps of its target.

    As ``para cumplir 97 %; con las que hay se cumple de 61,0 % a 84,2 %, y desde 55,3 % en un mal
    día``: at least and likely, then one scenario in twenty. Enough on average is missing for the
    days that come worse, and that is said.
    """
    kept = f"de {per_cent(day.kept, 1)} a {per_cent(day.kept_likely, 1)}"
    even = " también en un mal día" if day.kept >= target else ""
    return (
        f"para cumplir {target_words(target)}{even}{why}; con las que hay se cumple {kept}, "
        f"y desde {per_cent(day.kept_p05, 1)} en un mal día"
    )


def gap_sentence(day: DayPlan, depot: str, target: float, blocked: str = "") -> str:
    """As ``martes 3: faltan 14 camionetas en CD Quilicura para cumplir 97 %; con las …``.

    ``blocked`` is what the doors would do to those that lack, as `door_words.blocked_words` says.
    """
    why = f", pero {blocked}" if blocked else ""
    if day.is_held_by_doors:
        why = ", porque los andenes no dejan salir más"
    kept = kept_words(day, target, why)
    return f"{day_name(day.date)}: {lacking_words(day.gap)} en {depot} {kept}."


def hire_sentence(hire: Hire, depot: str) -> str:
    """As ``Contratar 4 camionetas de Ruta Sur en CD Quilicura, del lunes 5 al viernes 9``.

    Without a carrier's name it is left out. Days between without deliveries are told, as
    ``…, del sábado 10 al lunes 12, sin contar el domingo 11``.
    """
    whose = "" if hire.contract == CONTRACTED else f" de {hire.contract}"
    when = f"el {day_name(hire.start)}"
    if hire.end != hire.start:
        when = f"del {day_name(hire.start)} al {day_name(hire.end)}"
    if hire.closed:
        when += f", sin contar {list_words([f'el {day_name(day)}' for day in hire.closed])}"
    return f"Contratar {vans(hire.vehicles)}{whose} en {depot}, {when}."


def beyond_sentence(beyond_clp: int, last: date) -> str:
    """What hires that go on past the last day cost besides."""
    return (
        f"Las contrataciones que siguen después del {long_day_name(last)} suman "
        f"{pesos(beyond_clp)} más."
    )


def lent_sentences(lent: Sequence[Lent], depots: Mapping[str, str]) -> Iterator[str]:
    """As ``lunes 2: Recoleta y 40 % de Ñuñoa salen de CD Quilicura …``, one a day and way."""
    by_way: dict[tuple[date, str, str], list[Lent]] = defaultdict(list)
    for each in lent:
        if each.share >= _LENT_SHARE_MIN:
            by_way[each.date, each.loan.home, each.loan.other].append(each)
    for (day, home, other), parts in sorted(by_way.items()):
        zones = [_part(each) for each in parts]
        leave = "sale" if len(zones) == 1 else "salen"
        yield (
            f"{day_name(day)}: {list_words(zones)} {leave} de {depots[other]}, "
            f"porque los andenes de {depots[home]} no alcanzan."
        )


def _part(lent: Lent) -> str:
    share = per_cent(lent.share)
    return lent.loan.zone if share == "100 %" else f"{share} de {lent.loan.zone}"


def plan_sentences(found: CapacityPlan) -> Iterator[str]:
    """The plan in words: what is missing first, then what to hire, then what it comes to."""
    names = {depot.id: depot.name for depot in found.case.depots}
    plan = found.plan
    for day in sorted(plan.days, key=lambda each: (each.date, each.depot)):
        if day.gap:
            blocked = blocked_words(day, None)
            yield gap_sentence(day, names[day.depot], plan.target, blocked)
    for hire in found.hires:
        yield hire_sentence(hire, names[hire.depot])
    yield from lent_sentences(found.lent, names)
    if found.beyond_clp:
        yield beyond_sentence(found.beyond_clp, plan.days[-1].date)
    yield total_sentence(plan, names)
    yield compared_sentence(found)


def total_sentence(plan: FleetPlan, names: Mapping[str, str]) -> str:
    """What the whole comes to, and its worst day."""
    days = len({day.date for day in plan.days if day.mix.vehicles})
    span = len({day.date for day in plan.days})
    each = f", {pesos(round(plan.cost_clp / days))} por día con camionetas" if days > 1 else ""
    total = (
        f"En total, en {span} {'día' if span == 1 else 'días'}: {pesos(plan.cost_clp)}{each}. "
        f"Se cumple al menos {per_cent(plan.kept, 1)} de las promesas"
    )
    worst = plan.worst
    if worst is None:
        return f"{total}."
    return (
        f"{total}. El peor día es el {long_day_name(worst.date)} en {names[worst.depot]}: "
        f"{per_cent(worst.kept, 1)}."
    )


def compared_sentence(found: CapacityPlan) -> str:
    """What the reserve of each depot saves against one of each zone, and what none would break."""
    shared, by_zone, none = (
        thousands(each.vehicle_days) for each in (found.pooled, found.by_zone, found.mean)
    )
    return (
        f"Con la reserva compartida en cada CD hacen falta {shared} camionetas-día; con una por "
        f"zona serían {by_zone}. Sin reserva bastarían {none}, y se cumpliría "
        f"{per_cent(found.mean.kept, 1)} en vez de {per_cent(found.pooled.kept, 1)}."
    )
