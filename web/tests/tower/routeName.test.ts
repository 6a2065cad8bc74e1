import { expect, test } from "vitest";
import { codeNow, plateBeside, routeName } from "../../tower/routes/routeName";

test("a route is called by its number, with the plate of its van beside it", () => {
  expect([routeName({ code: "R-14", plate: "HKTR52" }), plateBeside({ code: "R-14", plate: "HKTR52" })]).toEqual(["R-14 · HKTR52", "HKTR52"]);
});

test("a spare van is called by its plate, once", () => {
  expect([routeName({ code: "HKTR52", plate: "HKTR52" }), plateBeside({ code: "HKTR52", plate: "HKTR52" })]).toEqual(["HKTR52", ""]);
});

test("a spare van that was sent out is called by its route's number", () => {
  const told = { route_id: "b", code: "HKTR52" };
  expect([codeNow([{ id: "a", code: "R-01" }], told), codeNow([{ id: "b", code: "R-13" }], told)]).toEqual(["HKTR52", "R-13"]);
});
