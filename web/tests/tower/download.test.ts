import { describe, expect, it } from "vitest";
import { fileNameOf } from "../../tower/state/download.svelte";

describe("a file that was made", () => {
  it("keeps the name that the server gave it, shown in the browser or not", () => {
    expect(fileNameOf('attachment; filename="promesas-2026-10-05.xlsx"')).toBe("promesas-2026-10-05.xlsx");
    expect(fileNameOf('inline; filename="promesas-2026-10-05.pdf"')).toBe("promesas-2026-10-05.pdf");
    expect(fileNameOf(null)).toBe("");
  });
});
