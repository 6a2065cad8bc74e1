import { roundTop } from "$shared/chart/roundTicks";
import type { CapacityDay } from "../data/capacity";

/** Room around a depot's days: counts at the left, days below. */
export const MARGIN = { left: 40, right: 8, top: 14, bottom: 40 };
const BAR_PX_MAX = 18;

/** Where vehicles of a day come from, from the ground up; what is missing stands on top. */
export const PARTS = ["own", "contracted", "spot", "gap"] as const;
export type Part = (typeof PARTS)[number];

export interface Piece {
  part: Part;
  count: number;
  y: number;
  height: number;
}

/** Where days and vehicles stand on a depot's strip. */
export class BoardScale {
  readonly top: number;
  readonly step: number;

  constructor(readonly days: CapacityDay[], readonly width: number, readonly height: number) {
    const { top, step } = roundTop(Math.max(1, ...days.map((day) => Math.max(day.ready, day.needed_p97))));
    // Half a vehicle is none.
    this.step = Math.max(1, Math.ceil(step));
    this.top = Math.ceil(top / this.step) * this.step;
  }

  get dayWidth(): number {
    return (this.width - MARGIN.left - MARGIN.right) / Math.max(1, this.days.length);
  }

  get barWidth(): number {
    return Math.min(BAR_PX_MAX, this.dayWidth * 0.52);
  }

  /** The left edge of a day. */
  left(place: number): number {
    return MARGIN.left + place * this.dayWidth;
  }

  /** The middle of a day. */
  x(place: number): number {
    return this.left(place) + this.dayWidth / 2;
  }

  y(count: number): number {
    return MARGIN.top + (1 - count / this.top) * (this.height - MARGIN.top - MARGIN.bottom);
  }

  get lines(): number[] {
    return Array.from({ length: Math.round(this.top / this.step) + 1 }, (_, index) => index * this.step);
  }

  /** Own, contracted, spot and missing, one on the other; what there is none of is left out. */
  pieces(day: CapacityDay): Piece[] {
    let below = 0;
    return PARTS.flatMap((part) => {
      const count = day[part];
      if (!count) return [];
      const y = this.y(below + count);
      const height = this.y(below) - y;
      below += count;
      return [{ part, count, y, height }];
    });
  }

  /** The pair of brackets from the middle day's vehicles to those of all but three in a hundred. */
  brackets(day: CapacityDay, place: number): string {
    if (!day.needed_p97) return "";
    const half = Math.min(this.dayWidth / 2 - 1, this.barWidth / 2 + 4);
    const [left, right, foot] = [this.x(place) - half, this.x(place) + half, 3];
    const [high, low] = [this.y(day.needed_p97), Math.max(this.y(day.needed_p50), this.y(day.needed_p97) + 2)];
    return `M${left + foot} ${high}H${left}V${low}H${left + foot}M${right - foot} ${high}H${right}V${low}H${right - foot}`;
  }

  /** The place of the day at `x`, kept on the strip. */
  placeAt(x: number): number {
    return Math.min(this.days.length - 1, Math.max(0, Math.floor((x - MARGIN.left) / this.dayWidth)));
  }
}
