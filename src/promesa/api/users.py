"""People of the torre and their roles; only an administrator changes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, patch, post

from promesa.api.auth import USER_COOKIE
from promesa.api.decoding import View, Wire
from promesa.domain.access import User
from promesa.domain.actor import Permission, Role
from promesa.domain.person import Person
from promesa.kernel.errors import ConflictError, InvalidError, NotFoundError
from promesa.kernel.ids import token_digest
from promesa.runtime import access, erasing
from promesa.runtime.platform import Caller, Platform

TORRE_ROLES = frozenset(
    {Role.ADMINISTRATOR, Role.PLANNER, Role.DISPATCHER, Role.WAREHOUSE, Role.READER}
)
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Password = Annotated[str, msgspec.Meta(max_length=access.PASSWORD_CHARS_MAX)]


class RoleError(InvalidError):
    """That role is not one of the torre's."""

    code = "role_invalid"
    message = "Ese perfil no es de la torre. Elige administrador, planificador, despachador, bodega o solo_lectura."  # noqa: E501  One sentence of the screen.


class LastAdministratorError(ConflictError):
    """Nobody would be left to manage access."""

    code = "last_administrator"
    message = "Es el último administrador. Nombra a otro antes de cambiarlo."


class UserView(View):
    """A person of the torre."""

    id: UUID
    name: str | None
    email: str | None
    role: Role
    is_active: bool


class UserList(View):
    """All of them; an operator has dozens, not thousands."""

    items: list[UserView]


class NewUser(Wire):
    """A person to let in."""

    email: Email
    name: Name
    role: Role
    password: Password


class UserChange(Wire):
    """What to change; what is absent stays."""

    role: Role | None = None
    is_active: bool | None = None
    password: Password | None = None


def _view(user: User, person: Person) -> UserView:
    return UserView(
        id=user.id, name=person.name, email=person.email, role=user.role, is_active=user.is_active
    )


def _check_role(role: Role) -> None:
    if role not in TORRE_ROLES:
        raise RoleError


@get("/v1/users", access=Permission.MANAGE_ACCESS, summary="People of the torre")
async def list_users(platform: Platform, caller: Caller) -> UserList:
    """Everybody who may come in, active or not."""
    async with platform.transaction(caller.tenant_id) as tx:
        users = await tx.access.list_users()
        people = await tx.people.get_many([user.person_id for user in users])
    views = [_view(user, people.get(user.person_id, Person(id=user.person_id))) for user in users]
    return UserList(items=sorted(views, key=lambda view: (view.name or "", str(view.id))))


@post("/v1/users", access=Permission.MANAGE_ACCESS, summary="Let a person in")
async def add_user(data: NewUser, platform: Platform, caller: Caller) -> UserView:
    """Adds a person with a role and a first password."""
    _check_role(data.role)
    user, person = access.new_user(
        email=data.email,
        email_digest=await platform.directory.digest_email(data.email),
        name=data.name,
        role=data.role,
        password_hash=await access.hash_password(data.password),
        ids=platform.ids,
    )
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.people.put(person)
        await tx.access.put_user(user)
        await platform.record(
            tx,
            caller,
            "access.user_added",
            subject=("user", user.id),
            data={"role": user.role.value},
        )
    return _view(user, person)


@patch("/v1/users/{user_id:uuid}", access=Permission.MANAGE_ACCESS, summary="Change a person")
async def change_user(
    user_id: UUID,
    data: UserChange,
    platform: Platform,
    caller: Caller,
    request: Request[Any, Any, Any],
) -> UserView:
    """Changes role, password or whether the person may come in.

    A new password ends the sessions that the old one opened, but the one that asks for it.
    """
    asked = data.password
    password_hash = None if asked is None else await access.hash_password(asked)
    async with platform.transaction(caller.tenant_id) as tx:
        users = await tx.access.hold_users()
        user = next((each for each in users if each.id == user_id), None)
        if user is None:
            raise NotFoundError(noun="user")
        changed = _changed(user, data, password_hash)
        _require_administrator(users, changed)
        await tx.access.put_user(changed)
        if password_hash is not None:
            asking = token_digest(request.cookies.get(USER_COOKIE, ""))
            await access.end_sessions(tx, user.id, platform.clock, but=asking)
        await platform.record(
            tx,
            caller,
            "access.user_changed",
            subject=("user", user.id),
            data={"role": changed.role.value, "is_active": changed.is_active},
        )
        person = await tx.people.get(user.person_id)
    return _view(changed, person)


def _require_administrator(users: list[User], changed: User) -> None:
    """Somebody who manages access is left after the change."""
    after = [changed if user.id == changed.id else user for user in users]
    if not any(user.role is Role.ADMINISTRATOR and user.is_active for user in after):
        raise LastAdministratorError


def _changed(user: User, change: UserChange, password_hash: str | None) -> User:
    if change.role is not None:
        _check_role(change.role)
        user = replace(user, role=change.role)
    if change.is_active is not None:
        user = replace(user, is_active=change.is_active)
    return user if password_hash is None else replace(user, password_hash=password_hash)


@delete("/v1/people/{person_id:uuid}", access=Permission.ERASE_PEOPLE, summary="Erase a person")
async def erase_person(person_id: UUID, platform: Platform, caller: Caller) -> None:
    """Erases name, contact, address, pictures and the words about the person; events stay."""
    async with platform.transaction(caller.tenant_id) as tx:
        users = await tx.access.hold_users()
        for user in users:
            if user.person_id == person_id:
                _require_administrator(users, replace(user, is_active=False))
        await erasing.erase_person(tx, person_id)
        await platform.record(tx, caller, "person.erased", subject=("person", person_id))


router = Router(
    path="", route_handlers=[list_users, add_user, change_user, erase_person], tags=["access"]
)
