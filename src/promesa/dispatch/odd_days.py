"""Days of a file of history far above what their comuna usually has: an event, or a slip of a key.

They are kept, for either may be; but nobody should find a digit too many in the forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import median

from promesa.planning.demand.history import DemandCount
from promesa.routing.words import thousands

# Below these a median says little of a day (assumed).
DAYS_MIN = 28
USUAL_MIN = 5
# Cyber events of Chile bring three to six times a usual day; seldom one comuna alone (assumed).
TIMES_MIN = 4
SHOWN = 3


def odd_days(counts: Iterable[tuple[int, DemandCount]]) -> list[str]:
    """A sentence that names the oddest of them; none where no day is."""
    by_comuna: defaultdict[str, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
    for _, count in counts:
        by_comuna[count.key.comuna][count.day] += count.orders
    odd = []
    for comuna, days in by_comuna.items():
        usual = median(days.values())
        if len(days) >= DAYS_MIN and usual >= USUAL_MIN:
            odd += [
                (orders / usual, comuna, day, orders, round(usual))
                for day, orders in days.items()
                if orders >= TIMES_MIN * usual
            ]
    if not odd:
        return []
    odd.sort(reverse=True)
    told = "; ".join(
        f"{comuna} el {day:%d-%m-%Y}, {thousands(orders)} pedidos (suele tener {thousands(usual)})"
        for _, comuna, day, orders, usual in odd[:SHOWN]
    )
    more = f"; y {len(odd) - SHOWN} más" if len(odd) > SHOWN else ""
    return [
        f"Muy lejos de lo habitual: {told}{more}. Si no fue un evento, corrígelo antes de importar."
    ]
