import { expect, it } from "vitest";
import { boundsOf } from "$shared/map/bounds";
import type { LonLat } from "$shared/map/marks";

it("has no bounds without positions", () => {
  expect(boundsOf([])).toBeUndefined();
});

it("holds every position, the outermost too", () => {
  const near: LonLat[] = Array.from({ length: 99 }, (_, index) => [-70.6 + index / 1000, -33.4]);
  expect(boundsOf([...near, [-70.7, -33.2]])).toEqual([[-70.7, -33.4], [-70.6 + 98 / 1000, -33.2]]);
});
