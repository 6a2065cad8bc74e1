import type { Meaning } from "$shared/ui/meanings";
import type { Fact } from "../data/orderViews";

/** Facts that a person should see at a glance; all others get a plain dot. */
const MEANINGS: Record<string, Meaning> = {
  "route.broke_down": "late",
  "order.delivery_failed": "fail",
  "order.partially_delivered": "fail",
  "order.lost": "fail",
  "stop.delivery_disputed": "fail",
  "stop.cash_differs": "risk",
  "parcel.missing": "fail",
  "parcel.damaged": "fail",
  "message.failed": "fail",
  "order.sent_to_review": "risk",
  "parcel.loaded": "done",
  "order.delivered": "done",
};

export function meaningOfFact(fact: Fact): Meaning | undefined {
  return MEANINGS[fact.type];
}
