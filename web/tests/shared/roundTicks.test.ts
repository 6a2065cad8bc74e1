import { describe, expect, it } from "vitest";
import { roundTicks, roundTop } from "../../shared/chart/roundTicks";

describe("roundTicks", () => {
  it("goes by round steps to the first one at or beyond the most", () => {
    expect(roundTicks(0.05)).toEqual([0, 0.01, 0.02, 0.03, 0.04, 0.05]);
    expect(roundTicks(3.2)).toEqual([0, 1, 2, 3, 4]);
    expect(roundTicks(14)).toEqual([0, 5, 10, 15]);
    expect(roundTicks(800)).toEqual([0, 200, 400, 600, 800]);
  });

  it("has nought alone where there is nothing", () => {
    expect(roundTicks(0)).toEqual([0]);
  });
});

describe("roundTop", () => {
  it("is the last tick, and what lies between two", () => {
    for (const most of [0.05, 0.3, 1, 3.2, 14, 49, 50, 51, 800, 12_345]) {
      const { top, step } = roundTop(most);
      expect(roundTicks(most).at(-1)).toBe(top);
      expect(top).toBeGreaterThanOrEqual(most);
      expect(top - most).toBeLessThan(step);
      expect(top / step).toBeLessThanOrEqual(5.0001);
    }
  });
});
