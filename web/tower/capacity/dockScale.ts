import type { DepotDocks, DockSlot } from "../data/docks";

const MINUTE_MS = 60_000;
/** Lines of the clock, the finest that leaves them room. */
const STEPS_MIN = [10, 15, 30, 60, 120, 240];
const LINE_ROOM_PX = 56;

export const ROW_PX = 30;
export const LABEL_PX = 72;
const TOP_PX = 22;
/** Half a time of the clock, so that the last one is whole. */
const EDGE_PX = 22;
/** More times to leave would cross out the bars. */
const DUES_MAX = 4;

/** A chart wider than this is for the table. */
const WIDTH_MAX_PX = 4_000;

/** What a route's name takes in its bar. */
const namePx = (slot: DockSlot): number => slot.route.length * 6.4 + 6;

/** How wide the chart has to be for every route's name to find room in its bar. */
export function widthNamed(depot: DepotDocks): number {
  const whole = Math.max(MINUTE_MS, Date.parse(depot.closes) - Date.parse(depot.opens));
  const widest = depot.slots.map((slot) => ((namePx(slot) + 2) * whole) / Math.max(MINUTE_MS, Date.parse(slot.end) - Date.parse(slot.start)));
  return Math.min(WIDTH_MAX_PX, LABEL_PX + EDGE_PX + Math.ceil(Math.max(0, ...widest)));
}

/** Doors in rows, time from left to right. */
export class DockScale {
  private readonly from: number;
  private readonly until: number;

  constructor(private readonly depot: DepotDocks, private readonly width: number) {
    this.from = Date.parse(depot.opens);
    this.until = Math.max(Date.parse(depot.closes), ...depot.slots.map((slot) => Date.parse(slot.end)), this.from + MINUTE_MS);
  }

  get height(): number {
    return TOP_PX + this.depot.doors * ROW_PX + 4;
  }

  x(instant: string | number): number {
    const at = typeof instant === "number" ? instant : Date.parse(instant);
    return LABEL_PX + ((at - this.from) / (this.until - this.from)) * (this.width - LABEL_PX - EDGE_PX);
  }

  y(door: number): number {
    return TOP_PX + (door - 1) * ROW_PX;
  }

  box(slot: DockSlot): { x: number; y: number; width: number; height: number } {
    const x = this.x(slot.start);
    return { x: x + 0.5, y: this.y(slot.door) + 3, width: Math.max(2, this.x(slot.end) - x - 1), height: ROW_PX - 6 };
  }

  /** Whether a route's name finds room in its bar. */
  isNamed(slot: DockSlot): boolean {
    return this.box(slot).width >= namePx(slot);
  }

  /** When routes have to leave, where there are few such times. */
  get dues(): string[] {
    const found = [...new Set(this.depot.slots.map((slot) => slot.due))];
    return found.length <= DUES_MAX ? found : [];
  }

  /** Round times of the clock, as instants. */
  get lines(): number[] {
    const minutes = (this.until - this.from) / MINUTE_MS;
    const most = Math.max(1, (this.width - LABEL_PX) / LINE_ROOM_PX);
    const step = (STEPS_MIN.find((each) => minutes / each <= most) ?? 480) * MINUTE_MS;
    const first = Math.ceil(this.from / step) * step;
    return Array.from({ length: Math.floor((this.until - first) / step) + 1 }, (_, index) => first + index * step);
  }
}
