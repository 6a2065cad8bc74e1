import { expect, it } from "vitest";
import { WAIT_MAX_MS, waitBefore } from "$shared/live/backoff";

it("waits twice as long after each failure, up to the ceiling", () => {
  const longest = [1, 2, 3, 20].map((tries) => waitBefore(tries, () => 1));
  expect(longest).toEqual([1000, 2000, 4000, WAIT_MAX_MS]);
});

it("never waits less than half of the step", () => {
  expect(waitBefore(3, () => 0)).toBe(2000);
});
