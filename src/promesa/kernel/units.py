"""How many of a smaller unit make a larger one, each written once."""

from __future__ import annotations

MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400
KM_M = 1_000
