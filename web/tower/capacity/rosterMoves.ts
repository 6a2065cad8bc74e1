import type { CellBody, RosterCell, RosterDepot, RosterRow } from "../data/roster";

/** A cell of a depot's grid. */
export interface Place {
  row: number;
  column: number;
}

/** What a person wants of a cell. */
export type Wish = { kind: "shift"; code: string } | { kind: "free" } | { kind: "away" };

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
export function wishOf(key: string, codes: string[]): Wish | undefined {
  if (FREE_KEYS.has(key)) return { kind: "free" };
  if (key.toLowerCase() === "a") return { kind: "away" };
  const code = /^[1-9]$/.test(key) ? codes[Number(key) - 1] : undefined;
  return code === undefined ? undefined : { kind: "shift", code };
}

/** The cell as it is sent. */
export function cellOf(row: RosterRow, day: string, depot: RosterDepot, wish: Wish): CellBody {
  return {
    driver_id: row.driver_id, day,
    shift: wish.kind === "shift" ? wish.code : null,
    depot: wish.kind === "shift" ? depot.depot : null,
    is_away: wish.kind === "away",
  };
}

/** Whether a cell is already as it is wanted. */
export function isSo(cell: RosterCell, wish: Wish): boolean {
  if (wish.kind === "away") return cell.is_away;
  if (wish.kind === "free") return !cell.is_away && cell.duties.length === 0;
  return !cell.is_away && cell.duties.length === 1 && cell.duties[0]?.shift === wish.code;
}
