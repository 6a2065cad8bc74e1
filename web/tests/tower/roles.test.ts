import { expect, it } from "vitest";
import { session } from "../../tower/state/session.svelte";
import { mayOpen } from "../../tower/shell/screens";
import type { SessionView } from "../../tower/data/views";

const signIn = (...permissions: SessionView["permissions"]): void => {
  session.view = { permissions } as unknown as SessionView;
};

it("shows the screens that the server lets the role read, and no other", () => {
  signIn("operation:read", "orders:read_own");
  expect([mayOpen("hoy"), mayOpen("rutas"), mayOpen("direcciones"), mayOpen("bandeja")]).toEqual([true, true, false, false]);
  signIn("operation:read", "people:read", "addresses:review");
  expect([mayOpen("direcciones"), mayOpen("bandeja")]).toEqual([true, true]);
});

it("lets nobody act before the server said who is there", () => {
  session.view = undefined;
  expect(session.can("operation:read")).toBe(false);
});
