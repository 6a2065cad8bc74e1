"""What stands in a city folder: names that who builds it and who loads it agree on."""

from __future__ import annotations

from collections.abc import Callable

# Changes whenever what is built changes, so that an old folder is built anew.
CITY_FORMAT = 5
DESCRIPTION_FILE = "city.json"
BASEMAP_FILE = "basemap.pmtiles"
# Tables that people edit; a city that is built anew keeps them.
TOLL_GATES_FILE = "toll_gates.csv"
TOLL_PRICES_FILE = "toll_prices.csv"
RESTRICTED_ZONES_FILE = "restricted_zones.csv"
TABLE_FILES = (TOLL_GATES_FILE, TOLL_PRICES_FILE, RESTRICTED_ZONES_FILE)
ATTRIBUTION = "© OpenStreetMap contributors"

# Told in Spanish what is being done while a city is built.
Report = Callable[[str], None]
