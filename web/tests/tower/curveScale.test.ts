import { describe, expect, it } from "vitest";
import { axisOf, roundTicks } from "../../tower/promise/curveScale";

describe("roundTicks", () => {
  it("goes by round steps to the first one at or beyond the most", () => {
    expect(roundTicks(0.05)).toEqual([0, 0.01, 0.02, 0.03, 0.04, 0.05]);
    expect(roundTicks(3.2)).toEqual([0, 1, 2, 3, 4]);
    expect(roundTicks(14)).toEqual([0, 5, 10, 15]);
  });

  it("has nought alone where there is nothing", () => {
    expect(roundTicks(0)).toEqual([0]);
  });
});

describe("axisOf", () => {
  it("puts nought at one end and the last tick at the other", () => {
    const axis = axisOf([1, 4], 200, 0);
    expect(axis.place(0)).toBe(200);
    expect(axis.place(4)).toBe(0);
    expect(axis.place(2)).toBe(100);
  });

  it("places values on an axis without any at its beginning", () => {
    expect(axisOf([], 50, 100).place(3)).toBe(50);
  });
});
