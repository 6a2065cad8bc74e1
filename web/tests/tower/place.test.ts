import { expect, it } from "vitest";
import { hrefOf, parsePlace } from "../../tower/state/place";
import { RouteShapes } from "../../tower/state/routeShapes";

it("reads back the address it writes, and leaves out what is empty", () => {
  const href = hrefOf("pedidos", { q: "av. el bosque", pedido: undefined });
  expect(parsePlace(href)).toEqual({ screen: "pedidos", params: { q: "av. el bosque" } });
});

it("opens today for an address it does not know", () => {
  expect(parsePlace("#/nada").screen).toBe("hoy");
});

it("decodes a route's line again only when its text changed", () => {
  const shapes = new RouteShapes();
  const first = shapes.read({ r1: "_p~iF~ps|U" }).get("r1");
  expect(shapes.read({ r1: "_p~iF~ps|U" }).get("r1")).toBe(first);
  expect(shapes.read({ r1: "" }).get("r1")).toEqual([]);
  expect(shapes.read({}).has("r1")).toBe(false);
});
