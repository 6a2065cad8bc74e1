import type { ReasonView } from "../data/views";

/** What happens most at doors comes first; the rest is one tap away. */
const OFTEN = [
  "RECIPIENT_ABSENT", "DATE_CHANGE_REQUESTED", "PURCHASE_CANCELLED", "ADDRESS_WRONG", "ADDRESS_INCOMPLETE",
  "NO_CONTACT", "ACCESS_RESTRICTED", "RECIPIENT_REFUSED",
];

export function sortReasons(reasons: ReasonView[]): { often: ReasonView[]; rare: ReasonView[] } {
  const often = OFTEN.map((code) => reasons.find((reason) => reason.code === code)).filter((reason) => reason !== undefined);
  return { often, rare: reasons.filter((reason) => !OFTEN.includes(reason.code)) };
}
