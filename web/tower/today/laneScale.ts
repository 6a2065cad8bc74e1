import { restsOf, type Rest } from "$shared/route/rests";
import type { Meaning } from "$shared/ui/meanings";
import { meaningOf } from "../data/risk";
import type { RouteLane } from "../data/views";
import { restWord } from "../routes/restWords";

/** The geometry of the timeline: pure, one lane at a time. All instants are epoch seconds. */
export interface LaneScale {
  from_s: number;
  to_s: number;
  left_px: number;
  right_px: number;
}

export const LANE_PX = 26.5;
const HOUR_S = 3600;
const HOURS_MIN = 8;
/** Less delay than this is no delay to look at. */
const DELAY_SHOWN_S_MIN = 60;
const HOUR_PX_MIN = 46;
const MARK_HALF_PX: Record<Meaning, number> = { ok: 2.9, risk: 5.2, late: 5.2, fail: 4.4, done: 1.75 };

const SLIGHT_HALF_PX = 3.8;
const REST_PX_MIN = 4;

function secondsOf(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** A scale from the first departure to the last return, in whole hours. */
export function makeScale(routes: RouteLane[], left_px: number, right_px: number): LaneScale {
  const starts = routes.map((route) => secondsOf(route.start));
  const ends = routes.map((route) => secondsOf(route.ends_at));
  const marks = routes.flatMap((route) => route.stops.map((stop) => secondsOf(stop.at)));
  const from = Math.floor(Math.min(...starts, ...marks) / HOUR_S) * HOUR_S;
  const to = Math.ceil(Math.max(...ends, ...marks, from + HOURS_MIN * HOUR_S) / HOUR_S) * HOUR_S;
  return { from_s: from, to_s: to, left_px, right_px };
}

export function xOf(scale: LaneScale, at_s: number): number {
  const share = (at_s - scale.from_s) / (scale.to_s - scale.from_s);
  return scale.left_px + share * (scale.right_px - scale.left_px);
}

/** The hours that fit without touching each other. */
export function hoursOf(scale: LaneScale): { at_s: number; x: number }[] {
  const hour_px = ((scale.right_px - scale.left_px) * HOUR_S) / (scale.to_s - scale.from_s);
  const step_s = HOUR_S * Math.max(1, Math.ceil(HOUR_PX_MIN / hour_px));
  const hours = [];
  for (let at_s = scale.from_s; at_s <= scale.to_s; at_s += step_s) hours.push({ at_s, x: xOf(scale, at_s) });
  return hours;
}

/** How much later than planned the van is expected back; nought where that is unknown. */
export function endDelay_s(route: RouteLane): number {
  return route.expected_end ? secondsOf(route.expected_end) - secondsOf(route.end) : 0;
}

export interface LanePaths {
  start: number;
  end: number;
  /** Where the delayed end falls; null when the van is back on time. */
  late_end: number | null;
  /** Where the van stands for a colación, as planned or as it was told, or to load again. */
  rests: (Pick<Rest, "kind" | "told"> & { x: number; width: number; label: string })[];
  /** One path per meaning, with every mark of that meaning in it. */
  paths: { meaning: Meaning; d: string }[];
}

export function layOutLane(route: RouteLane, scale: LaneScale, middle_px: number, isLoud: boolean = true): LanePaths {
  const parts = new Map<Meaning, string[]>();
  for (const stop of route.stops) {
    const meaning = meaningOf(stop.risk);
    const list = parts.get(meaning) ?? [];
    list.push(markPath(meaning, xOf(scale, secondsOf(stop.at)), middle_px, meaning === "risk" && !isLoud ? SLIGHT_HALF_PX : MARK_HALF_PX[meaning]));
    parts.set(meaning, list);
  }
  const end_s = secondsOf(route.end);
  return {
    start: xOf(scale, secondsOf(route.start)),
    end: xOf(scale, end_s),
    late_end: endDelay_s(route) >= DELAY_SHOWN_S_MIN ? xOf(scale, end_s + endDelay_s(route)) : null,
    rests: restsOf(route).map((rest) => {
      const x = xOf(scale, secondsOf(rest.start));
      return { kind: rest.kind, ...(rest.told && { told: rest.told }), x, width: Math.max(REST_PX_MIN, xOf(scale, secondsOf(rest.end)) - x), label: restWord(rest) };
    }),
    paths: (["done", "ok", "risk", "late", "fail"] as const).flatMap((meaning) => {
      const list = parts.get(meaning);
      return list ? [{ meaning, d: list.join("") }] : [];
    }),
  };
}

function markPath(meaning: Meaning, x: number, y: number, h: number): string {
  const at = `${x.toFixed(1)} ${y}`;
  switch (meaning) {
    case "done":
      return `M${(x - h).toFixed(1)} ${y - 3.5}h${2 * h}v7h${-2 * h}Z`;
    case "ok":
      return `M${(x - h).toFixed(1)} ${y}a${h} ${h} 0 1 0 ${2 * h} 0a${h} ${h} 0 1 0 ${-2 * h} 0Z`;
    case "risk":
      return `M${at}m0 ${-h}l${h} ${h}l${-h} ${h}l${-h} ${-h}Z`;
    case "late":
      return `M${at}m0 ${-h}l${h} ${2 * h - 1}h${-2 * h}Z`;
    case "fail":
      return `M${at}m${-h} ${-h}l${2 * h} ${2 * h}m0 ${-2 * h}l${-2 * h} ${2 * h}`;
  }
}

const PRESS_REACH_PX = 9;

/** The stop whose mark is nearest to where the person pressed, if one is near enough. */
export function stopAt(route: RouteLane, scale: LaneScale, x_px: number): string | undefined {
  let best: string | undefined;
  let gap = PRESS_REACH_PX;
  for (const stop of route.stops) {
    const distance = Math.abs(xOf(scale, secondsOf(stop.at)) - x_px);
    if (distance < gap) [gap, best] = [distance, stop.stop_id];
  }
  return best;
}
