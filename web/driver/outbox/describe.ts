import { formatPesos } from "$shared/format/numbers";
import { AT_SELLER } from "../day/pickup";
import { t } from "../i18n/texts";
import type { Item } from "./items";

/** One line of the outbox in the driver's words. */
export function describe(item: Item): { title: string; detail: string } {
  if (item.kind === "picture") return { title: t.code("sent.picture", item.picture.kind), detail: "" };
  const { event } = item;
  const { relation } = (event["receiver"] ?? {}) as { relation?: string };
  if (event.type === "stop.closed" && relation === AT_SELLER) return { title: t("outcome.picked_up"), detail: closing(event) };
  if (event.type === "stop.closed") return { title: t.code("outcome", String(event["outcome"])), detail: closing(event) };
  const barcode = event["barcode"];
  return { title: t.code("event", event.type.replace(".", "_")), detail: typeof barcode === "string" ? barcode : "" };
}

function closing(event: Record<string, unknown>): string {
  const evidence = (event["evidence"] as { kind: string }[] | undefined) ?? [];
  const photos = evidence.filter((piece) => piece.kind === "photo").length;
  const cash = event["cod_collected_clp"];
  return [
    photos > 0 && t.count("sent.photos", photos),
    evidence.some((piece) => piece.kind === "signature") && t("sent.signature"),
    event["pin"] !== undefined && t("sent.pin"),
    typeof cash === "number" && formatPesos(cash),
  ].filter((part) => part !== false).join(", ");
}
