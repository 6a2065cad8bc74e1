import { describe, expect, it } from "vitest";
import { uuidOf } from "$shared/api/newId";

describe("an id on a page without https", () => {
  it("is a UUID of version 4 made of the bytes that were drawn", () => {
    expect(uuidOf(new Uint8Array(16).fill(0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  });
});
