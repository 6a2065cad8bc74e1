"""What a simulated driver leaves behind at a door: photo, signature, receiver, money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from promesa.kernel.geo import Position
from promesa.simulator.phone import Phone
from promesa.simulator.pictures import draw_photo, draw_signature
from promesa.simulator.script import OrderFate, evidence_id

RECEIVER_DEFAULT = "Conserjería"


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of one stop; pictures go to the phone's outbox as they are taken."""

    phone: Phone
    seed: int
    stop: dict[str, Any]
    door: Position

    def of_failure(self, at: datetime, reason: str) -> dict[str, Any]:
        """What the closing of a failed visit says."""
        return self._closing(outcome="failed", reason=reason, evidence=[self._photograph(at)])

    def of_hand_over(self, at: datetime, fate: OrderFate | None) -> dict[str, Any]:
        """What the closing of a visit that succeeded says; no fate for a visitor's own order."""
        stop, content = self.stop, self._closing(outcome="succeeded")
        if stop["type"] == "pickup":
            self._pick_up(at)
        if fate is not None:
            content["receiver"] = {"name": fate.receiver, "rut": fate.receiver_rut}
        elif stop["requires"]["receiver"]:
            # An order of the visitor's own, of which nothing was written before the day.
            content["receiver"] = {"name": stop["name"] or RECEIVER_DEFAULT}
        evidence = [self._photograph(at)]
        if stop["requires"]["signature"]:
            evidence.append(self._sign(at))
        if stop["cod_clp"]:
            content["cod_collected_clp"] = stop["cod_clp"]
        return content | {"evidence": evidence}

    def _closing(self, **content: Any) -> dict[str, Any]:
        return {"stop_id": self.stop["stop_id"], **content}

    def _pick_up(self, at: datetime) -> None:
        stop_id = self.stop["stop_id"]
        for parcel in self.stop["parcels"]:
            barcode = parcel["barcode"]
            self.phone.tell("parcel.picked_up", at, self.door, barcode=barcode, stop_id=stop_id)

    def _photograph(self, at: datetime) -> dict[str, str]:
        spot = {"lon": str(self.door.lon), "lat": str(self.door.lat)}
        return self._keep(at, "photo", draw_photo(self.stop["reference"]), spot)

    def _sign(self, at: datetime) -> dict[str, str]:
        return self._keep(at, "signature", draw_signature(self.stop["reference"]), {})

    def _keep(
        self, at: datetime, kind: str, picture: bytes, more: dict[str, str]
    ) -> dict[str, str]:
        stop_id = self.stop["stop_id"]
        picture_id = evidence_id(self.seed, UUID(stop_id), kind)
        fields = {"stop_id": stop_id, "kind": kind, "captured_at": at.isoformat(), **more}
        self.phone.keep_picture(picture_id, fields, picture)
        return {"id": str(picture_id), "kind": kind}
