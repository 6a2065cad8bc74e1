import type { CellBody } from "../data/roster";

/** Steps that can be taken back, one after the other. */
const STEPS_MAX = 50;

/** A change of rosters: what was there, and what it left. */
export interface RosterStep {
  before: CellBody[];
  after: CellBody[];
}

/** What one person can take back at one operator, for as long as the browser's tab lives: leaving the screen or loading it again loses nothing. */
export class RosterUndo {
  private steps: RosterStep[] = $state.raw([]);

  constructor(private readonly key: string, private readonly storage: Pick<Storage, "getItem" | "setItem">) {
    this.steps = read(storage.getItem(key));
  }

  get last(): RosterStep | undefined {
    return this.steps.at(-1);
  }

  push(step: RosterStep): void {
    this.keep([...this.steps, step].slice(-STEPS_MAX));
  }

  drop(): void {
    this.keep(this.steps.slice(0, -1));
  }

  private keep(steps: RosterStep[]): void {
    this.steps = steps;
    try {
      this.storage.setItem(this.key, JSON.stringify(steps));
    } catch {
      // A full storage loses what a reload would have kept; the screen still has it.
    }
  }
}

function read(written: string | null): RosterStep[] {
  try {
    const found: unknown = JSON.parse(written ?? "[]");
    return Array.isArray(found) ? (found as RosterStep[]) : [];
  } catch {
    return [];
  }
}

const kept: Record<string, RosterUndo> = {};

/** The one of a person at an operator. */
export function rosterUndoOf(tenant: string, person: string): RosterUndo {
  const key = `promesa.roster.undo.${tenant}.${person}`;
  return (kept[key] ??= new RosterUndo(key, sessionStorage));
}
