import { showToast } from "$shared/ui/toasts.svelte";
import { t } from "../i18n/texts";
import { day } from "./day.svelte";
import { sentenceOf } from "./resource.svelte";
import { session } from "./session.svelte";

/** What a person asked for and is under way: one at a time for each button. */
export class Act {
  isBusy = $state(false);

  /** Runs it, says how it ended, and reads the day again. Returns whether it worked. A form that marks its fields says what is wrong by itself. */
  async run(work: () => Promise<unknown>, done?: string, isMarked: (error: unknown) => boolean = () => false): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    try {
      await work();
      if (done) showToast(done, "ok");
      day.refresh();
      return true;
    } catch (error) {
      session.noteFailure(error);
      if (!isMarked(error)) showToast(sentenceOf(error, t("state.offline"), t("state.error_detail")), "fail");
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
