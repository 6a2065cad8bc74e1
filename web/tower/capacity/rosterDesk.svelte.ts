import { ApiError } from "$shared/api/problem";
import { showToast } from "$shared/ui/toasts.svelte";
import { roster, type CellBody, type CellsPut, type RosterBoard, type RosterProposal } from "../data/roster";
import { t } from "../i18n/texts";
import { Act } from "../state/act.svelte";
import { Resource } from "../state/resource.svelte";
import type { RosterUndo } from "./rosterUndo.svelte";

/** At the pace of keys one sentence at the bottom, which changes. */
const TOPIC = "roster";
const CHANGED = "roster_cells_changed";

const keyOf = (cell: { driver_id: string; day: string }): string => `${cell.driver_id} ${cell.day}`;

/** The rosters on the screen: what is kept, what is being put, what is proposed, what can be taken back. */
export class RosterDesk {
  readonly board = new Resource<RosterBoard>();
  readonly act = new Act();
  proposal = $state.raw<RosterProposal>();
  /** Cells on their way, by driver and day. */
  private underWay = $state.raw<Record<string, CellBody>>({});
  private readonly done: RosterUndo;
  private start: string | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(done: RosterUndo) {
    this.done = done;
  }

  get canUndo(): boolean {
    return this.done.last !== undefined;
  }

  /** What a cell is about to be. */
  pending(driver: string, day: string): CellBody | undefined {
    return this.underWay[`${driver} ${day}`];
  }

  async read(start: string | undefined): Promise<void> {
    if (start !== this.start) this.proposal = undefined;
    this.start = start;
    await this.board.load(() => roster.see(start));
  }

  /** A new forecast: what was proposed is for the one before. Whether anything was. */
  renew(): boolean {
    const wasProposed = this.proposal !== undefined;
    this.proposal = undefined;
    void this.board.renew();
    return wasProposed;
  }

  /** What is proposed; whether days that nothing needs are given up with it is the planner's choice. */
  propose(freesSpare: boolean): Promise<unknown> {
    return this.inTurn(() => this.act.run(async () => { this.proposal = await roster.propose(this.start, freesSpare); }));
  }

  /** Puts cells and reads the board anew; what was there can be taken back. */
  put(cells: CellBody[], done: (count: number) => string): Promise<boolean> {
    this.mark(cells);
    return this.inTurn(() => this.putNow(cells, done));
  }

  /** Puts the week of a day on the next one. */
  copyWeek(day: string, done: (count: number) => string): Promise<boolean> {
    return this.inTurn(async () => this.keep(await this.settle([], () => roster.copyWeek(day)), done));
  }

  undo(): Promise<void> {
    return this.inTurn(() => this.undoNow());
  }

  /** Keys come faster than answers: each waits for the one before, and none is lost. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private mark(cells: CellBody[]): void {
    this.underWay = { ...this.underWay, ...Object.fromEntries(cells.map((cell) => [keyOf(cell), cell])) };
  }

  private async putNow(cells: CellBody[], done: (count: number) => string): Promise<boolean> {
    return this.keep(await this.send(cells), done);
  }

  private keep(found: CellsPut | undefined, done: (count: number) => string): boolean {
    if (!found) return false;
    if (found.before.length) {
      this.done.push({ before: found.before, after: found.after });
      if (found.accepted) showToast(done(found.accepted), "ok", { label: t("demand.undo"), run: () => void this.undo() }, TOPIC);
    }
    return true;
  }

  private async undoNow(): Promise<void> {
    const last = this.done.last;
    if (!last || !(await this.send(last.before, last.after))) return;
    this.done.drop();
    showToast(t("roster.undone"), "ok", undefined, TOPIC);
  }

  async accept(): Promise<void> {
    const proposal = this.proposal;
    if (!proposal) return;
    const cells = proposal.changes.map((change) => ({ driver_id: change.driver_id, day: change.day, shift: change.after, depot: change.after ? change.depot : null, is_away: false }));
    await this.put(cells, (count) => t.count("roster.accepted", count));
  }

  /** With `expected`, nothing is put where those cells are otherwise by now: that step is gone. */
  private send(cells: CellBody[], expected: CellBody[] = []): Promise<CellsPut | undefined> {
    return this.settle(cells, () => roster.put(cells, expected));
  }

  private async settle(cells: CellBody[], ask: () => Promise<CellsPut>): Promise<CellsPut | undefined> {
    let found: CellsPut | undefined;
    this.mark(cells);
    await this.act.run(async () => { found = await ask(); }, undefined, (error) => {
      if (error instanceof ApiError && error.code === CHANGED) this.done.drop();
      return false;
    });
    // What was proposed was made for the days as they were.
    if (found) this.proposal = undefined;
    const [first] = found?.failures ?? [];
    if (first) showToast(found && found.failures.length > 1 ? t("roster.not_put", { count: found.failures.length, reason: first.reason }) : first.reason, "fail");
    await this.board.reload();
    const gone = cells.map(keyOf);
    this.underWay = Object.fromEntries(Object.entries(this.underWay).filter(([key]) => !gone.includes(key)));
    return found;
  }
}
