import { afterEach, expect, it, vi } from "vitest";
import { server } from "../../driver/data/server";

afterEach(() => { vi.unstubAllGlobals(); });

it("asks for the route past the browser's memory, which would give back the hour of an older answer", async () => {
  const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() => Promise.resolve(new Response("{}")));
  vi.stubGlobal("fetch", fetched);
  await server.readRoute();
  await server.readRoute('"one"');
  expect(fetched.mock.calls.map(([, init]) => init.cache)).toEqual(["no-store", "no-store"]);
  expect(fetched.mock.calls.map(([, init]) => new Headers(init.headers).get("if-none-match"))).toEqual([null, '"one"']);
});
