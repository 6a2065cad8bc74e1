"""A recipient's own link: a fresh secret each time one is sent, kept only as a digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from promesa.domain.access import CredentialKind
from promesa.runtime import access
from promesa.runtime.repository import PlatformStore

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform


class TrackingLinks:
    """Makes links inside the transaction that sends them."""

    def __init__(self, platform: Platform, tx: PlatformStore, tenant_id: UUID) -> None:
        self._platform = platform
        self._tx = tx
        self._tenant_id = tenant_id

    async def tracking_url(self, order_id: UUID) -> str:
        """A link that opens the page of this order."""
        return (await self.make(order_id))[0]

    async def make(self, order_id: UUID) -> tuple[str, datetime]:
        """A link and when it ends."""
        platform = self._platform
        lifetime = timedelta(days=platform.settings.server.tracking_link_days)
        token, credential = await access.issue(
            self._tx,
            kind=CredentialKind.TRACKING_LINK,
            tenant_id=self._tenant_id,
            subject_id=order_id,
            clock=platform.clock,
            ids=platform.ids,
            lifetime=lifetime,
        )
        return f"{platform.public_url}/seguimiento/{token}", credential.made_at + lifetime
