import type { S } from "../data/views";

type Move = S["MoveBody"];

/** Changes to the rest of a day that were made, and what takes them back. */
export interface Made {
  count: number;
  undo: Move[];
}

/** The changes made last of each day, so that the card that made them can be closed and opened again. */
class MadeChanges {
  private known = $state.raw<ReadonlyMap<string, Made>>(new Map());

  of(date: string): Made | undefined {
    return this.known.get(date);
  }

  keep(date: string, made: Made): void {
    this.known = new Map([[date, made]]);
  }

  /** They were taken back, or can be no longer. */
  drop(date: string): void {
    this.known = new Map([...this.known].filter(([known]) => known !== date));
  }
}

export const madeChanges = new MadeChanges();
