import { beforeEach, describe, expect, it, vi } from "vitest";

type Router = (typeof import("../../tower/state/router.svelte"))["router"];

let router: Router;
let hashChanged: () => void;

// As the browser does: what # says changes at once, the event comes later.
beforeEach(async () => {
  vi.stubGlobal("location", { hash: "#/hoy?pedido=ana" });
  vi.stubGlobal("addEventListener", (_name: string, listener: () => void) => {
    hashChanged = listener;
  });
  vi.resetModules();
  ({ router } = await import("../../tower/state/router.svelte"));
});

describe("the screen that is open", () => {
  it("is the one last asked for, though a parameter changes right after", () => {
    router.go("informe", { pedido: "ana" });
    router.set({ pedido: undefined });
    expect([router.screen, router.param("pedido"), location.hash]).toEqual(["informe", undefined, "#/informe"]);
  });

  it("follows the browser back", () => {
    router.go("informe");
    location.hash = "#/hoy?pedido=ana";
    hashChanged();
    expect([router.screen, router.param("pedido")]).toEqual(["hoy", "ana"]);
  });
});
