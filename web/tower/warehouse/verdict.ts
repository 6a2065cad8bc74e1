import type { Meaning } from "$shared/ui/meanings";
import type { ScanAnswer, ScanKind } from "../data/warehouse";
import { t } from "../i18n/texts";

/** What a person at the dock must know before reading: go on, look, put aside, nobody knows it. */
export interface Verdict {
  meaning: Meaning;
  title: string;
  detail: string;
}

const DONE: Record<ScanKind, "warehouse.did_received" | "warehouse.did_staged" | "warehouse.did_returned" | "warehouse.did_missing" | "warehouse.did_given"> = {
  received: "warehouse.did_received", staged: "warehouse.did_staged", returned: "warehouse.did_returned", missing: "warehouse.did_missing", returned_to_sender: "warehouse.did_given",
};
/** Orders whose parcel must not go to a van, whatever the scan says. */
const APART = new Set(["cancelled", "returning", "returned", "lost"]);
/** Scans that say: the parcel is here, in the depot. */
const IN_HAND = new Set<ScanKind>(["received", "staged", "returned"]);
/** What this page answers itself: a load is checked against one route, and none is chosen. */
export const ROUTE_MISSING = "route_missing";

export function verdictOf(kind: ScanKind, answer: ScanAnswer): Verdict {
  const { parcel } = answer;
  if (answer.status === "accepted" || (answer.status === "duplicate" && !answer.code)) {
    const isApart = kind === "received" && parcel !== null && APART.has(parcel.order_state);
    if (isApart) return { meaning: "risk", title: t("warehouse.set_apart"), detail: t("warehouse.set_apart_why", { state: t.code("order_state", parcel.order_state).toLowerCase() }) };
    // Its van drives on without it and will look for it at the door.
    const isLeftBehind = IN_HAND.has(kind) && parcel?.order_state === "out_for_delivery" && parcel.route_code;
    if (isLeftBehind) return { meaning: "risk", title: t("warehouse.left_behind"), detail: t("warehouse.left_behind_why", { code: parcel.route_code ?? "" }) };
    // What comes back has no route until it is planned again: that it has none is no news.
    const isNews = kind !== "returned" || answer.parcel?.route_code;
    return { meaning: "ok", title: t(DONE[kind]), detail: isNews ? whereOf(answer) : "" };
  }
  if (answer.code === ROUTE_MISSING) return { meaning: "fail", title: t("warehouse.route_first"), detail: t("warehouse.route_first_why") };
  if (answer.code === "parcel_already_scanned") return { meaning: "risk", title: t("warehouse.twice"), detail: [answer.detail, whereOf(answer)].filter(Boolean).join(" ") };
  if (answer.code === "barcode_unknown") return { meaning: "fail", title: t("warehouse.unknown"), detail: answer.detail ?? "" };
  if (answer.code === "parcel_on_another_route") return { meaning: "late", title: t("warehouse.other_route"), detail: answer.detail ?? "" };
  if (answer.code === "parcel_told_delivered") return { meaning: "late", title: t("warehouse.told_delivered"), detail: answer.detail ?? "" };
  return { meaning: "late", title: t("warehouse.not_now"), detail: answer.detail ?? "" };
}

/** Where the parcel belongs, in the words on the floor: route, stop, and which of how many. */
export function whereOf({ parcel }: ScanAnswer): string {
  if (!parcel) return "";
  const n = parcel.sequence ?? "–";
  const onTrip = parcel.trip === null ? t("warehouse.goes_in", { code: parcel.route_code ?? "", n }) : t("warehouse.goes_on_trip", { code: parcel.route_code ?? "", n, trip: parcel.trip });
  const place = parcel.route_code ? onTrip : t("warehouse.no_route");
  return parcel.of_order > 1 ? `${place} · ${t("warehouse.of_order", { n: parcel.number, total: parcel.of_order })}` : place;
}
