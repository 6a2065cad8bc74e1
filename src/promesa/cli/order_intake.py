"""Takes a sheet into the database of the settings, without a server in between."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import click

from promesa.domain.access import Tenant
from promesa.kernel.errors import InvalidError
from promesa.orders.drafts import OrderSource
from promesa.orders.importing import ImportReport, accept_import
from promesa.orders.sheet_reading import read_orders
from promesa.runtime import access
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.settings import load_settings
from promesa.runtime.wiring import Circumstances, open_platform, real_circumstances


class WhoseOrdersError(InvalidError):
    """The file does not say whose orders these are, and there is more than one answer."""

    code: ClassVar[str] = "orders_of_whom"
    message: ClassVar[str] = "Di de qué comercio son los pedidos: --merchant CÓDIGO."


async def take_in(
    content: bytes,
    filename: str,
    *,
    default_day: date,
    merchant: str | None,
    settings_path: Path | None,
) -> ImportReport:
    """Keeps the good rows in the database of the settings."""
    found = real_circumstances("")
    quiet = Circumstances(clock=found.clock, ids=found.ids, public_url="", is_background=False)
    async with open_platform(load_settings(settings_path), quiet, _say) as platform:
        tenant = await _only_tenant(platform)
        caller = Caller(actor=access.system_actor(tenant.id))
        desk = platform.desk()
        author = platform.author(caller, OrderSource.IMPORT)
        async with platform.transaction(tenant.id) as tx:
            reading = read_orders(
                content,
                policy=desk.policy,
                default_day=default_day,
                merchant_id=await _merchant_id(tx, merchant),
            )
            return await accept_import(tx, reading, filename=filename, desk=desk, author=author)


async def _only_tenant(platform: Platform) -> Tenant:
    """The operator of this database; there is one unless somebody hosts several."""
    tenants = await platform.directory.list_tenants()
    if not tenants:
        raise WhoseOrdersError(
            "Esta base de datos aún no tiene operador. Parte promesa serve con PROMESA_OPERATOR "
            "y crea el comercio en la torre (Equipo); después importa."
        )
    if len(tenants) != 1:
        raise WhoseOrdersError(
            "Esta base de datos no tiene un único operador. Usa la torre para importar."
        )
    return tenants[0]


async def _merchant_id(tx: PlatformStore, code: str | None) -> UUID:
    """The merchant with the code, or the only one there is."""
    merchants = await tx.access.list_merchants()
    wanted = [each for each in merchants if code is None or each.code == code]
    if len(wanted) != 1:
        raise WhoseOrdersError(codes=", ".join(each.code for each in merchants))
    return wanted[0].id


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
