import type { TimeWindow } from "../data/views";

/** Where the windows and now fall on the bar, in pixels. */
export interface BarLayout {
  window: [number, number];
  old: [number, number] | undefined;
  now: number | undefined;
  showsNowLabel: boolean;
  /** Middles of the words under the old window and the new one, side by side; only after a delay. */
  labels: { old: number; new: number } | undefined;
}

const EDGE_PX = 8;
const MARGIN_SHARE = 0.12;
/** A promise hours away would shrink the window to a dot: then now is left out. */
const NOW_NEAR_MS = 3 * 3_600_000;
const LABEL_PX = 38;
/** Half of "nueva ventana" over "14:30–15:00". */
const HALF_PX = 42;
const GAP_PX = 8;

export function layOutBar(times: { window: TimeWindow; old: TimeWindow | null; now: string }, width_px: number): BarLayout {
  const span = (window: TimeWindow): [number, number] => [Date.parse(window.start), Date.parse(window.end)];
  const [start, end] = span(times.window);
  const old = times.old ? span(times.old) : undefined;
  const now_ms = Date.parse(times.now);
  const isNear = now_ms > start - NOW_NEAR_MS && now_ms < end + NOW_NEAR_MS;
  const shown = [start, end, ...(old ?? []), ...(isNear ? [now_ms] : [])];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const margin = (high - low) * MARGIN_SHARE;
  const x = (at: number): number => EDGE_PX + ((at - low + margin) / (high - low + 2 * margin)) * (width_px - 2 * EDGE_PX);
  const window: [number, number] = [x(start), x(end)];
  const oldPx: [number, number] | undefined = old ? [x(old[0]), x(old[1])] : undefined;
  const now = isNear ? x(now_ms) : undefined;
  const clashes = (at: number, others: number[]): boolean => others.some((other) => Math.abs(at - other) < LABEL_PX);
  return {
    window,
    old: oldPx,
    now,
    showsNowLabel: now !== undefined && !oldPx && !clashes(now, window),
    labels: oldPx && placeLabels(middle(oldPx), middle(window), width_px),
  };
}

function middle([from, to]: [number, number]): number {
  return (from + to) / 2;
}

/** Each under its window as far as both are read and neither leaves the bar; the old one stands left. */
function placeLabels(old: number, fresh: number, width_px: number): { old: number; new: number } {
  const apart = 2 * HALF_PX + GAP_PX;
  const right = Math.min(Math.max(fresh, HALF_PX + apart), width_px - HALF_PX);
  return { old: Math.max(HALF_PX, Math.min(old, right - apart)), new: right };
}
