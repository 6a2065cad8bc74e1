import { send } from "$shared/api/client";
import { showToast } from "$shared/ui/toasts.svelte";
import { t } from "../i18n/texts";
import { sentenceOf } from "./resource.svelte";
import { session } from "./session.svelte";

/** How long the browser may take to begin saving what it was handed. */
const HANDED_MS = 60_000;

/** The name that the server gave a file; nothing where it gave none. */
export const fileNameOf = (disposition: string | null): string => /filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? "";

/** A file that the server has to make first: a link would give no sign of it, and none of why there is none. */
export class Download {
  /** What is being made. */
  underWay = $state("");

  async take(url: string): Promise<void> {
    if (this.underWay) return;
    this.underWay = url;
    try {
      const answer = await send("get", url, { headers: { accept: "*/*" } });
      const place = URL.createObjectURL(await answer.blob());
      const link = document.createElement("a");
      link.href = place;
      link.download = fileNameOf(answer.headers.get("content-disposition"));
      link.click();
      setTimeout(() => { URL.revokeObjectURL(place); }, HANDED_MS);
    } catch (error) {
      session.noteFailure(error);
      showToast(sentenceOf(error, t("state.offline"), t("state.error_detail")), "fail");
    } finally {
      this.underWay = "";
    }
  }
}
