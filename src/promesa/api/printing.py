"""A planner's screen to take away: as a table, or as a page to print."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from litestar import Response

from promesa.api.exports import TableFormat, table_response
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.printing import PDF_TYPE, PrintedPage, page_pdf
from promesa.runtime.tables import Sheet


class ScreenFormat(StrEnum):
    """How a screen leaves."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """Whose page it is, and of when."""

    operator: str
    made_at: datetime
    is_simulated: bool


async def masthead_of(platform: Platform, caller: Caller) -> Masthead:
    """Of the caller's operator, now."""
    tenant = await platform.tenant(caller.tenant_id)
    return Masthead(
        operator=tenant.name, made_at=platform.clock.now(), is_simulated=tenant.is_simulated
    )


async def screen_response(
    kind: ScreenFormat, name: str, sheets: list[Sheet], page: Callable[[], PrintedPage]
) -> Response[bytes]:
    """A file to download: its sheets as a table, or the page."""
    if kind is not ScreenFormat.PDF:
        return await table_response(TableFormat(kind.value), name, sheets)
    content = await asyncio.to_thread(lambda: page_pdf(page()))
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=PDF_TYPE, headers=headers)
