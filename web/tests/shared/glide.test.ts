import { expect, it } from "vitest";
import { Glide, GLIDE_MS } from "$shared/map/glide";
import type { LonLat, VanMark } from "$shared/map/marks";

const van = (position: LonLat): VanMark => ({ id: "r1", position, heading_deg: 0, label: "R-01", meaning: "ok", hasPlate: false });

it("draws a van half way at half time, and sets out again from there", () => {
  const glide = new Glide();
  glide.head([van([0, 0])], 0);
  glide.head([van([0.01, 0])], 1000);
  expect(glide.at(1000 + GLIDE_MS / 2)[0]?.position).toEqual([0.005, 0]);
  glide.head([van([0.005, 0.01])], 1000 + GLIDE_MS / 2);
  expect(glide.at(1000 + GLIDE_MS / 2)[0]?.position).toEqual([0.005, 0]);
  expect(glide.isMoving(5000)).toBe(false);
});

it("does not drive a van across the city that came back from a tunnel", () => {
  const glide = new Glide();
  glide.head([van([0, 0])], 0);
  glide.head([van([0.5, 0])], 1000);
  expect(glide.at(1001)[0]?.position).toEqual([0.5, 0]);
});
