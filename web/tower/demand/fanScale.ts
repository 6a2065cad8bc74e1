import { roundTop } from "$shared/chart/roundTicks";
import type { EventUsed, ForecastDay, Outlook } from "../data/forecast";

export type Measure = "orders" | "deliveries";

/** A place on the chart. */
export interface Point {
  x: number;
  y: number;
}

/** Room around the plot: names of events above, days below, numbers at the left. */
export const MARGIN = { left: 56, right: 16, top: 46, bottom: 26 };

/** Where days and counts stand on a chart of past days and days to come. */
export class FanScale {
  readonly days: string[];
  /** Of deliveries nobody counts the past. */
  readonly pastDays: Outlook["past"];
  readonly top: number;
  readonly step: number;

  constructor(readonly outlook: Outlook, readonly measure: Measure, readonly width: number, readonly height: number) {
    this.pastDays = measure === "orders" ? outlook.past : [];
    this.days = [...this.pastDays.map((day) => day.day), ...outlook.days.map((day) => day.day)];
    const { top, step } = roundTop(Math.max(1, ...this.pastDays.map((day) => day.orders ?? 0), ...outlook.days.map((day) => day[measure].p90)));
    this.top = top;
    this.step = step;
  }

  /** The middle of a day. */
  x(place: number): number {
    return MARGIN.left + ((place + 0.5) / Math.max(1, this.days.length)) * (this.width - MARGIN.left - MARGIN.right);
  }

  y(count: number): number {
    return MARGIN.top + (1 - count / this.top) * (this.height - MARGIN.top - MARGIN.bottom);
  }

  get dayWidth(): number {
    return (this.width - MARGIN.left - MARGIN.right) / Math.max(1, this.days.length);
  }

  /** The place of a day, or -1. */
  place(day: string): number {
    return this.days.indexOf(day);
  }

  /** Which day stands at `x`, kept to the days to come. */
  dayAt(x: number): number {
    const place = Math.floor((x - MARGIN.left) / this.dayWidth);
    return Math.min(this.outlook.days.length - 1, Math.max(0, place - this.pastDays.length));
  }

  get lines(): number[] {
    return Array.from({ length: Math.round(this.top / this.step) + 1 }, (_, index) => index * this.step);
  }

  /** The line of what came, broken where nobody knows. */
  get past(): string {
    let isBroken = true;
    return this.pastDays.map((day, place) => {
      if (day.orders === null) { isBroken = true; return ""; }
      const step = `${isBroken ? "M" : "L"}${this.x(place).toFixed(1)} ${this.y(day.orders).toFixed(1)}`;
      isBroken = false;
      return step;
    }).join("");
  }

  private ahead(value: (day: ForecastDay) => number): Point[] {
    return this.outlook.days.map((day, index) => ({ x: this.x(this.pastDays.length + index), y: this.y(value(day)) }));
  }

  get middle(): string {
    return path(this.ahead((day) => day[this.measure].mean));
  }

  get band(): string {
    const low = this.ahead((day) => day[this.measure].p10).reverse();
    return `${path(this.ahead((day) => day[this.measure].p90))}${path(low).replace("M", "L")}Z`;
  }
}

const path = (points: Point[]): string => points.map((point, index) => `${index ? "L" : "M"}${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("");

/** Days of one event in a row, with the largest factor among them. */
export interface EventBand {
  name: string;
  first: string;
  last: string;
  peak: EventUsed;
  eventId: string | null;
}

const DAY_MS = 86_400_000;

/** Events as bands, the earliest first. */
export function bandsOf(events: EventUsed[]): EventBand[] {
  const bands: EventBand[] = [];
  for (const event of [...events].sort((one, other) => one.name.localeCompare(other.name) || one.day.localeCompare(other.day))) {
    const before = bands.at(-1);
    const follows = before?.name === event.name && Date.parse(event.day) - Date.parse(before.last) <= DAY_MS;
    if (before && follows) {
      before.last = event.day;
      if (Math.abs(Math.log(event.factor)) > Math.abs(Math.log(before.peak.factor))) before.peak = event;
    } else bands.push({ name: event.name, first: event.day, last: event.day, peak: event, eventId: event.event_id });
  }
  return bands.sort((one, other) => one.first.localeCompare(other.first));
}
