import { describe, expect, it } from "vitest";
import { linePath, meaningOf } from "../../tower/rehearsal/chartScale";

describe("the days of a rehearsal", () => {
  it("leave a gap in no line where no van drove", () => {
    expect(linePath([1, null, 3], (place) => place, (value) => value)).toBe("M0.0 1.0L2.0 3.0");
  });

  it("are late below nine of ten promises and at risk below 97 of 100", () => {
    expect([0.99, 0.95, 0.5].map(meaningOf)).toEqual(["ok", "risk", "late"]);
  });
});
