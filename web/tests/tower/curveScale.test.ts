import { describe, expect, it } from "vitest";
import { axisOf } from "../../tower/promise/curveScale";

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
