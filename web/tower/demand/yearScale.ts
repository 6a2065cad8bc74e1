import type { DemandEvent } from "../data/demand";

const DAY_MS = 86_400_000;
/** Bands closer than this share of the year would touch with their names. */
const GAP = 0.004;
/** What a letter of a band's name takes of the year, at the width the strip has on a desk. */
const LETTER = 0.0056;

const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** A place on a strip of one year, as a share of it from 0 to 1. */
export class YearScale {
  private readonly first: number;
  readonly days: number;

  constructor(readonly year: number) {
    this.first = dayNumber(`${year}-01-01`);
    this.days = dayNumber(`${year + 1}-01-01`) - this.first;
  }

  /** Where a day begins; days of other years stand at the ends. */
  at(date: string): number {
    return Math.min(1, Math.max(0, (dayNumber(date) - this.first) / this.days));
  }

  /** Where an event begins, and which share of the year it takes. */
  span(event: Pick<DemandEvent, "start" | "end">): { left: number; width: number } {
    const left = this.at(event.start);
    const end = Math.min(1, (dayNumber(event.end) + 1 - this.first) / this.days);
    return { left, width: Math.max(1 / this.days, end - left) };
  }

  get months(): { month: number; left: number; width: number }[] {
    return Array.from({ length: 12 }, (_, index) => {
      const left = this.at(`${this.year}-${String(index + 1).padStart(2, "0")}-01`);
      const end = index === 11 ? 1 : this.at(`${this.year}-${String(index + 2).padStart(2, "0")}-01`);
      return { month: index + 1, left, width: end - left };
    });
  }
}

export interface Band {
  event: DemandEvent;
  left: number;
  width: number;
  lane: number;
  /** Its name stands before it where there is no room behind it. */
  isFlipped: boolean;
}

/** Events as bands with their names, in as few lanes as keep the names apart. */
export function packBands(events: DemandEvent[], scale: YearScale): Band[] {
  const ends: number[] = [];
  return [...events]
    .sort((one, other) => one.start.localeCompare(other.start))
    .map((event) => {
      const { left, width } = scale.span(event);
      const name = event.name.length * LETTER;
      const isFlipped = left + width + name > 1;
      const from = isFlipped ? left - name : left;
      const to = isFlipped ? left + width : left + width + name;
      const free = ends.findIndex((end) => end + GAP <= from);
      const lane = free >= 0 ? free : ends.length;
      ends[lane] = to;
      return { event, left, width, lane, isFlipped };
    });
}

/** How many lanes the bands take. */
export const lanesOf = (bands: Band[]): number => bands.reduce((most, band) => Math.max(most, band.lane + 1), 0);
