"""Boards made ready before anybody looks: the first look at a forecast measures its streets.

Only for operators with a forecast: nobody else has a board. What it is made from is kept by
`CapacityBoards`; the coming days of promises by their own board.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from promesa.dispatch.capacity_desk import gather_board, list_driven
from promesa.kernel.errors import PromesaError
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Platform

_log = structlog.get_logger(__name__)


async def warm_boards(platform: Platform, tenant_id: UUID) -> bool:
    """Makes ready what *Flota*, *Turnos* and a quote begin with, once a forecast and day.

    Returns:
        Whether it was tried now.
    """
    day, boards = today(platform), platform.capacity_boards
    async with platform.transaction(tenant_id) as tx:
        record = await platform.newest_outlooks.find(tx)
        if record is None or platform.warmed.get(tenant_id) == (record.id, day):
            return False
        # Tried once, whatever comes of it: who looks is told what is wrong.
        platform.warmed[tenant_id] = record.id, day
        driven = await boards.driven(tenant_id, day, lambda: list_driven(tx, today=day))
        inputs = await gather_board(tx, record, today=day, driven=driven)
    try:
        await platform.ready_board(tenant_id)
        made = await boards.case(tenant_id, inputs, platform.city)
        targets = {each.code: inputs.terms_of(each).target for each in inputs.depots}
        planned = await boards.boards(tenant_id, inputs, made, targets)
        await boards.next_door(tenant_id, inputs, made, targets, planned)
    except PromesaError as error:
        _log.warning("boards_not_ready", code=error.code)
    return True
