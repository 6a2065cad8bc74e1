import { ApiError } from "$shared/api/problem";
import { showToast } from "$shared/ui/toasts.svelte";
import type { TrackView } from "../data/views";
import { t } from "../i18n/texts";
import { delivery } from "./delivery.svelte";
import { sheet } from "./sheet.svelte";

/** One change the customer asks for: busy while it travels, and why it failed when it did. */
class Sending {
  isBusy = $state(false);
  error = $state<string>();

  async run(ask: (token: string) => Promise<TrackView>, done: string): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.error = undefined;
    try {
      delivery.show(await ask(delivery.token));
      sheet.close();
      showToast(done);
    } catch (error) {
      this.error = error instanceof ApiError ? error.message : t("sheet.failed_offline");
      if (error instanceof ApiError) delivery.again();
    }
    this.isBusy = false;
  }
}

export function sendChange(): Sending {
  return new Sending();
}
