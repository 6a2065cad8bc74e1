import { ApiError, namesFields } from "$shared/api/problem";
import { showToast } from "$shared/ui/toasts.svelte";
import { promises, type OfferTerms, type OfferTermsView } from "../data/promises";
import { t } from "../i18n/texts";
import { Act } from "../state/act.svelte";

/** Only the last change is taken back from a toast: another would take back what came after it, too. */
const TOPIC = "offer";

/** Saving what is offered over the version that was read, and taking it back. The form marks the fields that were refused. */
export class OfferSaving {
  readonly act = new Act();
  refused = $state.raw<ApiError>();

  constructor(private readonly onsaved: () => Promise<void>) {}

  reasonFor(field: string): string | undefined {
    return this.refused?.reasonFor(field);
  }

  async save(terms: OfferTerms, before: OfferTermsView, done = t("promise.saved")): Promise<void> {
    this.refused = undefined;
    let saved: OfferTermsView | undefined;
    await this.act.run(async () => { saved = await promises.saveTerms(terms, before.version); }, undefined, (error) => {
      if (error instanceof ApiError && namesFields(error)) this.refused = error;
      return this.refused !== undefined;
    });
    if (!saved) return;
    const now = saved;
    showToast(done, "ok", { label: t("demand.undo"), run: () => void this.save(before.terms, now, t("promise.terms_back")) }, TOPIC);
    await this.onsaved();
  }
}
