import { capacity, type Change, type Compared } from "../data/capacity";
import { t } from "../i18n/texts";
import { sentenceOf } from "../state/resource.svelte";

/** Rows side by side; more than these are no table to choose from. */
export const WHAT_IFS_MAX = 8;

/** A change that was asked about, with what came of it at the target that is looked at now. */
export interface WhatIfRow {
  id: number;
  asked: Change;
  plan?: Compared;
  failure?: string;
  /** Of a board that is another by now: it is being asked again. */
  isOld?: boolean;
}

/** What-ifs kept side by side until they are removed, also over a look at another screen. */
export class WhatIfs {
  base = $state.raw<Compared>();
  /** The first day compared. */
  since = $state.raw<string>();
  rows = $state.raw<WhatIfRow[]>([]);
  #last = 0;
  /** Which board the rows are of: an answer for another one comes too late. */
  #board = 0;

  /** What is asked, in the order of the rows. */
  get changes(): Change[] {
    return this.rows.map((row) => row.asked);
  }

  get isFull(): boolean {
    return this.rows.length >= WHAT_IFS_MAX;
  }

  /** Adds a row; asking again what stands there already puts the answer in its place. */
  async add(asked: Change, target: number | undefined): Promise<void> {
    const { base, plan, since } = await askOf(asked, target);
    const isOther = this.rows.length > 0 && JSON.stringify(base) !== JSON.stringify(this.base);
    this.base = base;
    this.since = since;
    const same = this.rows.find((row) => JSON.stringify(row.asked) === JSON.stringify(asked));
    if (same) this.#put(same.id, { plan });
    else this.rows = [...this.rows, { id: (this.#last += 1), asked, plan }];
    // A shift was put meanwhile, or terms were saved: the rows above stand beside another plan.
    if (isOther) await this.renew(target);
  }

  remove(id: number): void {
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  /** Asks all rows again, one by one, as the board they stand beside is another. */
  async renew(target: number | undefined): Promise<void> {
    const board = (this.#board += 1);
    this.rows = this.rows.map((row) => ({ ...row, isOld: true }));
    for (const row of this.rows) {
      const answer = await askOf(row.asked, target).catch((error: unknown) => sentenceOf(error, t("state.offline"), t("state.error_detail")));
      if (board !== this.#board) return;
      if (typeof answer === "string") this.#put(row.id, { failure: answer });
      else {
        this.base = answer.base;
        this.since = answer.since;
        this.#put(row.id, { plan: answer.plan });
      }
    }
  }

  #put(id: number, found: { plan: Compared } | { failure: string }): void {
    this.rows = this.rows.map((row) => (row.id === id ? { id, asked: row.asked, ...found } : row));
  }
}

const kept: Record<string, WhatIfs> = {};

/** Those of an operator, while the browser's tab lives. */
export const whatIfsOf = (tenant: string): WhatIfs => (kept[tenant] ??= new WhatIfs());

async function askOf(asked: Change, target: number | undefined): Promise<{ base: Compared; plan: Compared; since: string }> {
  const { since, items: [base, plan] } = await capacity.whatIf({ ...asked, ...(target === undefined ? {} : { target }) });
  if (!base || !plan) throw new Error("the plan as it is and the changed one come together");
  return { base, plan, since };
}
