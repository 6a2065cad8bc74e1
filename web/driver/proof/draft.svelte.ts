import { DRAFTS, phone } from "../state/phone.svelte";
import { EMPTY_DRAFT, type Draft } from "./needs";

/** What is gathered at one door survives a reload: it is kept at each change. */
export class StopDraft {
  value = $state<Draft>({ ...EMPTY_DRAFT });
  isReady = $state(false);
  private readonly name: string;

  constructor(stopId: string) {
    this.name = `${DRAFTS}${stopId}`;
    void phone.recall<Draft>(this.name).then((kept) => {
      if (kept) this.value = { ...EMPTY_DRAFT, ...kept };
      this.isReady = true;
    });
  }

  set(change: Partial<Draft>): void {
    this.value = { ...this.value, ...change };
    void phone.keep(this.name, $state.snapshot(this.value));
  }
}
