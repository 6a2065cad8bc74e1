import { describe, expect, it } from "vitest";
import type { Rehearsals } from "../../tower/data/rehearsals";
import { bodyOf, draftOf, isReady, newDraft, toggled, wayCount } from "../../tower/rehearsal/rehearsalForm";

const seen: Rehearsals = { first_day: "2026-11-24", last_day: "2026-12-21", events: [{ name: "Black Friday", start: "2026-11-28", first: "2026-11-26", last: "2026-12-08" }], items: [] };

describe("what a planner rehearses", () => {
  it("is the next event with the days around it", () => {
    expect(newDraft(seen)).toMatchObject({ first: "2026-11-26", last: "2026-12-08", size: "typical" });
  });

  it("is what the one that runs was asked with", () => {
    const asked = { first: "2026-11-26", last: "2026-12-01", size: "worst" as const, seeds: 5, fixed_days: [1, 3], by_capacity: false, fleets: ["own" as const], lost_sale_clp: 9_000 };
    expect(bodyOf(draftOf(asked))).toEqual({ ...asked, seed: 1 });
  });

  it("is the first fortnight of a forecast without events, or what there is of it", () => {
    expect(newDraft({ ...seen, events: [] })).toMatchObject({ first: "2026-11-24", last: "2026-12-07" });
    expect(newDraft({ ...seen, events: [], last_day: "2026-11-30" }).last).toBe("2026-11-30");
  });

  it("compares every promise on every fleet", () => {
    expect(wayCount(newDraft(seen))).toBe(6);
    expect(isReady(newDraft(seen))).toBe(true);
  });

  it("cannot be asked for without a fleet, with too many ways or with days in the wrong order", () => {
    const draft = newDraft(seen);
    expect(isReady({ ...draft, fleets: [] })).toBe(false);
    expect(isReady({ ...draft, fixedDays: [1, 2, 3], fleets: ["own", "mean", "pooled"] })).toBe(false);
    expect(isReady({ ...draft, last: "2026-11-25" })).toBe(false);
  });

  it("goes to the server as it was chosen", () => {
    expect(bodyOf({ ...newDraft(seen), fixedDays: [], fleets: ["own"] })).toEqual({ first: "2026-11-26", last: "2026-12-08", size: "typical", seeds: 3, seed: 1, fixed_days: [], by_capacity: true, fleets: ["own"], lost_sale_clp: null });
    expect(bodyOf({ ...newDraft(seen), lostSale: 9_000 }).lost_sale_clp).toBe(9_000);
  });

  it("keeps its choices in their order", () => {
    expect(toggled([1, 3], 2, [1, 2, 3])).toEqual([1, 2, 3]);
    expect(toggled([1, 2], 1, [1, 2, 3])).toEqual([2]);
  });
});
