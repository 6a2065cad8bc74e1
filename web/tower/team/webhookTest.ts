import { showToast } from "$shared/ui/toasts.svelte";
import type { Delivery } from "../data/fleetViews";
import { t } from "../i18n/texts";

/** Says whether the receiver took the test, or what it answered. */
export function sayTest(sent: Delivery): void {
  if (sent.state === "sent") showToast(t("webhooks.test_ok"), "ok");
  else showToast(t("webhooks.test_failed", { error: sent.error ?? "" }), "fail");
}
