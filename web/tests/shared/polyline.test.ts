import { expect, it } from "vitest";
import { decodePolyline } from "$shared/map/polyline";

it("reads the format's own example as longitude and latitude", () => {
  expect(decodePolyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@")).toEqual([
    [-120.2, 38.5],
    [-120.95, 40.7],
    [-126.453, 43.252],
  ]);
});

it("takes empty text for an empty path and refuses one that is cut short", () => {
  expect(decodePolyline("")).toEqual([]);
  expect(() => decodePolyline("_p~iF~ps|U_")).toThrow(RangeError);
});
