import { describe, expect, it } from "vitest";
import { badDayWords } from "../../tower/capacity/capacityWords";
import type { Capacity, CapacityDay } from "../../tower/data/capacity";
import type { DepotFill, ShownComuna } from "../../tower/data/promises";
import { alikeKeys, alikeWords } from "../../tower/promise/alikeComunas";
import { hiresOf } from "../../tower/promise/hires";

const comuna = (name: string, more: Partial<ShownComuna> = {}): ShownComuna => ({
  comuna: name, orders: 10, start: "2026-12-01T12:00:00Z", end: "2026-12-02T00:00:00Z", days: 1, p_kept: 0.9881, price_clp: 0, ...more,
});
const fill = (depot: string, dates: string[]): DepotFill => ({
  depot, name: `CD ${depot}`, basis: "forecast",
  days: dates.map((date) => ({ date, carried: 0, pushed: 0, promised: 0, asked: 5, room: 9, later: 0, undone: 0, vans: 2, vans_from: "shifts" })), closed: [],
});
const day = (date: string, ready: number, own: number): CapacityDay => ({ day: date, ready, own }) as CapacityDay;

describe("what carts show, comuna by comuna", () => {
  it("is said once where it is the same for all that are offered something", () => {
    const rows = [comuna("Maipú"), comuna("Ñuñoa", { p_kept: 0.9879 }), comuna("Macul", { start: null, end: null, days: null, p_kept: null, price_clp: null })];
    expect([...alikeKeys(rows)]).toEqual(["window", "days", "kept", "price"]);
    expect(alikeWords(rows, new Set(["days", "kept", "price"]))).toBe("a 1 día, se cumple 98,8\u00a0%, sin costo");
  });

  it("stays in its column where one differs, and where there is but one", () => {
    expect([...alikeKeys([comuna("Maipú"), comuna("Ñuñoa", { days: 2, price_clp: 990 })])]).toEqual(["window", "kept"]);
    expect(alikeKeys([comuna("Maipú")]).size).toBe(0);
  });
});

describe("what Flota asks for beyond vans with a shift", () => {
  it("is told of the first day on offer, with how many more there are", () => {
    const board = { depots: [{ depot: "SJ", days: [day("2026-10-05", 9, 1), day("2026-10-07", 15, 12), day("2026-10-08", 14, 11)] }] } as unknown as Capacity;
    expect(hiresOf([fill("SJ", ["2026-10-06", "2026-10-07", "2026-10-08"]), fill("QU", ["2026-10-07"])], board)).toEqual([
      { depot: "SJ", name: "CD SJ", day: "2026-10-07", vans: 3, more: 1 },
    ]);
    expect(hiresOf([fill("SJ", ["2026-10-07"])], undefined)).toEqual([]);
  });

  it("says of a bad day no more than is known of it", () => {
    expect(badDayWords({ kept: 0.985, kept_bad_day: 0.9789 } as CapacityDay)).toBe("un día de cada 20, menos de 97\u00a0%");
    expect(badDayWords({ kept: 0.995, kept_bad_day: 1 } as CapacityDay)).toBe("todas, salvo un día de cada 20");
    expect(badDayWords({ kept: 1, kept_bad_day: 1 } as CapacityDay)).toBe("");
  });
});
