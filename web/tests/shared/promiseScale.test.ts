import { expect, it } from "vitest";
import { layOutPromise } from "$shared/ui/promiseScale";

const WINDOW = { start: "2026-10-05T18:00:00Z", end: "2026-10-05T19:00:00Z" };

it("puts the window inside a margin of twenty minutes on each side", () => {
  // 100 minutes on 100 px plus two edges of 8 px: one pixel a minute.
  const bar = layOutPromise(WINDOW, 116);
  expect([bar.start, bar.end]).toEqual([28, 88]);
});

it("stretches to show an estimate after the window", () => {
  const bar = layOutPromise({ ...WINDOW, earliest: "2026-10-05T19:30:00Z", latest: "2026-10-05T20:00:00Z" }, 400);
  expect(bar.latest).toBeLessThan(400);
  expect(bar.earliest).toBeGreaterThan(bar.end);
});

it("leaves now out of a promise for another day", () => {
  expect(layOutPromise({ ...WINDOW, now: "2026-10-04T18:00:00Z" }, 400).now).toBeUndefined();
});
