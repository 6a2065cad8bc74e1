"""The first tenant and its first administrator, for a platform that has neither."""

from __future__ import annotations

from dataclasses import dataclass

from promesa.domain.access import Tenant, User
from promesa.domain.actor import Role
from promesa.kernel.ids import derived_id
from promesa.runtime import access
from promesa.runtime.demand_calendar import bring_calendar
from promesa.runtime.platform import Caller, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """Who begins."""

    tenant: str
    email: str
    name: str
    password: str
    is_simulated: bool = False


async def found(platform: Platform, founding: Founding) -> tuple[Tenant, User]:
    """Makes the tenant with its administrator and Chile's calendar; what is there already stays."""
    tenant = Tenant(
        id=derived_id("tenant", founding.tenant),
        name=founding.tenant,
        is_simulated=founding.is_simulated,
    )
    await platform.directory.add_tenant(tenant)
    digest = await platform.directory.digest_email(founding.email)
    for known, user in await platform.directory.find_users_by_email(digest):
        if known.id == tenant.id:
            return tenant, user
    user, person = access.new_user(
        email=founding.email,
        email_digest=digest,
        name=founding.name,
        role=Role.ADMINISTRATOR,
        password_hash=await access.hash_password(founding.password),
        ids=platform.ids,
    )
    caller = Caller(actor=access.system_actor(tenant.id))
    async with platform.transaction(tenant.id) as tx:
        await tx.people.put(person)
        await tx.access.put_user(user)
        await platform.record(
            tx,
            caller,
            "access.user_added",
            subject=("user", user.id),
            data={"role": user.role.value},
        )
        await bring_calendar(platform, tx, caller)
    return tenant, user


async def is_founded(platform: Platform) -> bool:
    """Whether there is any tenant."""
    return bool(await platform.directory.list_tenants())
