import { expect, it } from "vitest";
import { boundsOf, coreBoundsOf } from "$shared/map/bounds";
import type { LonLat } from "$shared/map/marks";

it("has no bounds without positions", () => {
  expect(boundsOf([])).toBeUndefined();
});

it("leaves one far stop out of a hundred", () => {
  const near: LonLat[] = Array.from({ length: 99 }, (_, index) => [-70.6 + index / 1000, -33.4]);
  const bounds = coreBoundsOf([...near, [-60, -20]]);
  expect(bounds?.[1][0]).toBeLessThan(-70.4);
});
