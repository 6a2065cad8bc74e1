import { afterEach, describe, expect, it, vi } from "vitest";
import { buildUrl, request } from "$shared/api/client";
import { ApiError, OfflineError } from "$shared/api/problem";

afterEach(() => {
  vi.unstubAllGlobals();
});

function answer(status: number, body: unknown, type = "application/json"): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": type } })));
}

describe("requests", () => {
  it("fills the path, repeats lists and leaves out what is empty", () => {
    expect(buildUrl("/v1/orders/{id}", { id: "a/b" }, { q: "", tag: ["x", "y"], n: 0 })).toBe("/v1/orders/a%2Fb?tag=x&tag=y&n=0");
  });

  it("turns a problem document into an error with its code and field reasons", async () => {
    answer(422, { code: "order_invalid", detail: "Falta la comuna.", errors: [{ field: "comuna", reason: "obligatoria" }] }, "application/problem+json");
    const error = await request("post", "/v1/orders", { body: {} }).catch((raised: unknown) => raised);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).code).toBe("order_invalid");
    expect((error as ApiError).reasonFor("comuna")).toBe("obligatoria");
  });

  it("says that there is no network when nothing answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
    await expect(request("get", "/v1/day")).rejects.toBeInstanceOf(OfflineError);
  });

  it("returns nothing for an empty answer", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
    expect(await request("delete", "/v1/session")).toBeUndefined();
  });
});
