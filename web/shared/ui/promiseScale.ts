/** Where each instant of a promise falls on the bar: pure, so that it can be checked by hand. */
export interface PromiseTimes {
  start: string;
  end: string;
  now?: string | undefined;
  /** The estimate, as an interval. */
  earliest?: string | undefined;
  latest?: string | undefined;
}

export interface PromiseLayout {
  start: number;
  end: number;
  now: number | undefined;
  earliest: number | undefined;
  latest: number | undefined;
  ticks: { at: number; x: number }[];
}

const EDGE_PX = 8;
const MARGIN_MS = 20 * 60_000;
const TICK_STEPS_MS = [15, 30, 60, 120, 240, 480].map((minutes) => minutes * 60_000);
const PX_PER_TICK_MIN = 64;
/** Now is drawn only when it is near the window: a promise for tomorrow would shrink to a dot. */
const NOW_NEAR_MS = 3 * 3_600_000;

export function layOutPromise(times: PromiseTimes, width_px: number): PromiseLayout {
  const at = (value: string | undefined): number | undefined => (value === undefined ? undefined : Date.parse(value));
  const start = Date.parse(times.start);
  const end = Date.parse(times.end);
  const [earliest, latest] = [at(times.earliest), at(times.latest)];
  const now = at(times.now);
  const isNear = now !== undefined && now > start - NOW_NEAR_MS && now < (latest ?? end) + NOW_NEAR_MS;
  const shown = [start, end, earliest, latest, isNear ? now : undefined].filter((value) => value !== undefined);
  const from = Math.min(...shown) - MARGIN_MS;
  const to = Math.max(...shown) + MARGIN_MS;
  const x = (value: number): number => EDGE_PX + ((value - from) / (to - from)) * (width_px - 2 * EDGE_PX);
  const step = TICK_STEPS_MS.find((ms) => ((to - from) / ms) * PX_PER_TICK_MIN <= width_px) ?? 960 * 60_000;
  const ticks = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push({ at: tick, x: x(tick) });
  return {
    start: x(start),
    end: x(end),
    now: isNear ? x(now) : undefined,
    earliest: earliest === undefined ? undefined : x(earliest),
    latest: latest === undefined ? undefined : x(latest),
    ticks,
  };
}
