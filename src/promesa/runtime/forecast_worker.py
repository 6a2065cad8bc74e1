"""What a forecast's process does. Nobody imports this file: it brings the forests along.

`forecasting` calls it by its name.
"""

from __future__ import annotations

from promesa.planning.forecast.looking_ahead import make_outlook
from promesa.planning.forecast.outlook import Outlook, OutlookInputs
from promesa.runtime.slips import Slip


def look_ahead(inputs: OutlookInputs, seed: int, slip: Slip) -> Outlook:
    """Makes a forecast, telling how far it is."""
    slip.tell(0.0)
    return make_outlook(inputs, seed, slip.tell)
