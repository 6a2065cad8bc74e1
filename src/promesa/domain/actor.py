"""Who acts, and what each may do. What is not listed here is not allowed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from promesa.kernel.errors import ForbiddenError


class ActorKind(StrEnum):
    """The kinds of hands that change something."""

    USER = "user"
    MERCHANT = "merchant"
    DRIVER = "driver"
    RECIPIENT = "recipient"
    DEVICE = "device"
    SYSTEM = "system"


class Role(StrEnum):
    """Roles of the torre's people, and one for each other kind of actor."""

    ADMINISTRATOR = "administrador"
    PLANNER = "planificador"
    DISPATCHER = "despachador"
    WAREHOUSE = "bodega"
    READER = "solo_lectura"
    MERCHANT = "comercio"
    DRIVER = "conductor"
    RECIPIENT = "destinatario"
    DEVICE = "dispositivo"
    SYSTEM = "sistema"


class Permission(StrEnum):
    """What can be done, by resource."""

    READ_OPERATION = "operation:read"
    READ_OWN_ORDERS = "orders:read_own"
    WRITE_ORDERS = "orders:write"
    REVIEW_ADDRESSES = "addresses:review"
    PLAN = "plans:write"
    DISPATCH = "dispatch:write"
    SCAN_AT_DEPOT = "depot:scan"
    MANAGE_FLEET = "fleet:write"
    MANAGE_ACCESS = "access:write"
    MANAGE_WEBHOOKS = "webhooks:write"
    READ_PEOPLE = "people:read"
    DRIVE = "driver:act"
    REPORT_POSITION = "position:write"
    FOLLOW_DELIVERY = "delivery:follow"
    ERASE_PEOPLE = "people:erase"


_READ = frozenset({Permission.READ_OPERATION, Permission.READ_OWN_ORDERS, Permission.READ_PEOPLE})
_OFFICE = _READ | {Permission.WRITE_ORDERS, Permission.REVIEW_ADDRESSES}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission)
    - {Permission.DRIVE, Permission.REPORT_POSITION, Permission.FOLLOW_DELIVERY},
    Role.PLANNER: _OFFICE | {Permission.PLAN, Permission.MANAGE_FLEET},
    Role.DISPATCHER: _OFFICE | {Permission.PLAN, Permission.DISPATCH, Permission.MANAGE_FLEET},
    Role.WAREHOUSE: _READ | {Permission.SCAN_AT_DEPOT},
    Role.READER: frozenset({Permission.READ_OPERATION, Permission.READ_OWN_ORDERS}),
    Role.MERCHANT: frozenset(
        {Permission.READ_OWN_ORDERS, Permission.WRITE_ORDERS, Permission.MANAGE_WEBHOOKS}
    ),
    Role.DRIVER: frozenset({Permission.DRIVE, Permission.REPORT_POSITION}),
    Role.RECIPIENT: frozenset({Permission.FOLLOW_DELIVERY}),
    Role.DEVICE: frozenset({Permission.REPORT_POSITION}),
    Role.SYSTEM: frozenset(Permission),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking, inside one tenant.

    Attributes:
        merchant_id: Set for a merchant, who sees only its own orders.
        order_id: Set for a recipient, who sees only this order.
    """

    kind: ActorKind
    id: UUID
    tenant_id: UUID
    role: Role
    merchant_id: UUID | None = None
    order_id: UUID | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the role grants ``permission``."""
        return permission in GRANTS[self.role]

    @property
    def reads_recipients(self) -> bool:
        """Whether names, contacts and doors of recipients are shown: a merchant gave its own."""
        return self.merchant_id is not None or self.may(Permission.READ_PEOPLE)

    def require(self, permission: Permission) -> None:
        """Does nothing when allowed.

        Raises:
            ForbiddenError: The role does not grant it.
        """
        if not self.may(permission):
            raise ForbiddenError(permission=permission.value)
