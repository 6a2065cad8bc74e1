import { isMissing } from "../day/route";
import type { ReasonView, StopView } from "../data/views";

/** What happens most at doors comes first; the rest is one tap away. */
const OFTEN = [
  "RECIPIENT_ABSENT", "DATE_CHANGE_REQUESTED", "PURCHASE_CANCELLED", "ADDRESS_WRONG", "ADDRESS_INCOMPLETE",
  "NO_CONTACT", "ACCESS_RESTRICTED", "RECIPIENT_REFUSED",
];

/** At a seller's the parcels are not ready, or nobody opens; what the recipient wants is asked elsewhere. */
const OFTEN_AT_SELLER = ["BUSINESS_CLOSED", "PARCEL_MISSING", "ACCESS_RESTRICTED", "OUT_OF_TIME", "PARCEL_DAMAGED", "OVERSIZED"];

/** Who does not open may still answer: these are not given up before calling. */
export const CALL_FIRST = new Set([
  "RECIPIENT_ABSENT", "NO_CONTACT", "ADDRESS_WRONG", "ADDRESS_INCOMPLETE", "ADDRESS_NOT_FOUND", "ACCESS_RESTRICTED", "BUSINESS_CLOSED",
]);

/** With nothing in the van for this door there is one likely reason. */
const NOTHING_ABOARD = ["PARCEL_MISSING", "PARCEL_LOST", "PARCEL_STOLEN", ...OFTEN];

export function sortReasons(reasons: ReasonView[], stop: Pick<StopView, "type" | "parcels">): { often: ReasonView[]; rare: ReasonView[] } {
  const isAtSeller = stop.type === "pickup" || stop.type === "return";
  const isEmpty = stop.parcels.length > 0 && stop.parcels.every(isMissing);
  const first = isAtSeller ? OFTEN_AT_SELLER : isEmpty ? NOTHING_ABOARD : OFTEN;
  const often = first.map((code) => reasons.find((reason) => reason.code === code)).filter((reason) => reason !== undefined);
  return { often, rare: reasons.filter((reason) => !first.includes(reason.code)) };
}
