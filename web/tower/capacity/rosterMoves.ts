import type { CellBody, RosterCell, RosterDepot, RosterRow } from "../data/roster";

/** A cell of a depot's grid. */
export interface Place {
  row: number;
  column: number;
}

/** What a person wants of a cell. */
export type Wish = { kind: "shift"; code: string; depot: string } | { kind: "free" } | { kind: "away"; until?: string };

/** A leave put in one go; a longer one is put in two. */
export const AWAY_DAYS_MAX = 92;

const STEPS: Record<string, readonly [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FREE_KEYS = new Set(["0", "Delete", "Backspace"]);

const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));

/** Where a key leads; undefined for a key that moves nothing. */
export function movedBy(place: Place, key: string, rows: number, columns: number): Place | undefined {
  if (key === "Home") return { ...place, column: 0 };
  if (key === "End") return { ...place, column: columns - 1 };
  const step = STEPS[key];
  return step && { row: within(place.row + step[0], rows), column: within(place.column + step[1], columns) };
}

/** What a key asks of a cell: a shift by its number, a day off, an absence. */
export function wishOf(key: string, depot: RosterDepot): Wish | undefined {
  if (FREE_KEYS.has(key)) return { kind: "free" };
  if (key.toLowerCase() === "a") return { kind: "away" };
  const code = /^[1-9]$/.test(key) ? depot.shifts[Number(key) - 1]?.code : undefined;
  return code === undefined ? undefined : { kind: "shift", code, depot: depot.depot };
}

/** So many days later; plain dates. */
export function dayAfter(day: string, days: number): string {
  const found = new Date(`${day}T12:00:00Z`);
  found.setUTCDate(found.getUTCDate() + days);
  return found.toISOString().slice(0, 10);
}

/** The cells as they are sent: one, or each day of a leave. */
export function cellsOf(row: RosterRow, day: string, wish: Wish): CellBody[] {
  const cells: CellBody[] = [];
  const last = (wish.kind === "away" && wish.until) || day;
  for (let on = day; on <= last && cells.length < AWAY_DAYS_MAX; on = dayAfter(on, 1))
    cells.push({
      driver_id: row.driver_id, day: on,
      shift: wish.kind === "shift" ? wish.code : null,
      depot: wish.kind === "shift" ? wish.depot : null,
      is_away: wish.kind === "away",
    });
  return cells;
}

/** Whether a cell is already as it is wanted. */
export function isSo(cell: RosterCell, wish: Wish): boolean {
  if (wish.kind === "away") return cell.is_away && !wish.until;
  if (wish.kind === "free") return !cell.is_away && cell.duties.length === 0;
  return !cell.is_away && cell.duties.length === 1 && cell.duties[0]?.shift === wish.code && cell.duties[0].depot === wish.depot;
}
