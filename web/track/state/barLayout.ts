import type { TimeWindow } from "../data/views";

/** Where the windows and now fall on the bar, in pixels. */
export interface BarLayout {
  window: [number, number];
  old: [number, number] | undefined;
  now: number | undefined;
  showsNowLabel: boolean;
  showsOldLabel: boolean;
}

const EDGE_PX = 8;
const MARGIN_SHARE = 0.12;
/** A promise hours away would shrink the window to a dot: then now is left out. */
const NOW_NEAR_MS = 3 * 3_600_000;
const LABEL_PX = 38;

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
  const oldMiddle = oldPx ? (oldPx[0] + oldPx[1]) / 2 : undefined;
  const newMiddle = (window[0] + window[1]) / 2;
  return {
    window,
    old: oldPx,
    now,
    showsNowLabel: now !== undefined && !oldPx && !clashes(now, window),
    showsOldLabel: oldMiddle !== undefined && Math.abs(newMiddle - oldMiddle) > 2 * LABEL_PX,
  };
}
