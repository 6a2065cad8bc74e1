"""At which hours a shop's orders come, for where nobody knows those of one's own."""

from __future__ import annotations

# Weight of each hour: noon and after dinner (assumed).
_WEIGHTS = (2, 1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 8, 8, 7, 6, 6, 6, 5, 5, 5, 6, 7, 5, 3)
# Share of a day's orders in each of its 24 hours.
SHOP_HOURS = tuple(weight / sum(_WEIGHTS) for weight in _WEIGHTS)
