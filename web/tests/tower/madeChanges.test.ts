import { describe, expect, it } from "vitest";
import { madeChanges } from "../../tower/state/madeChanges.svelte";

const undo = [{ stop_id: "a", to_route_id: "r", after_stop_id: null, is_first: true, after_reload: false }];

describe("changes that were made", () => {
  it("are there when their card opens again, and on no other day", () => {
    madeChanges.keep("2026-11-24", { count: 2, undo });
    expect(madeChanges.of("2026-11-24")).toEqual({ count: 2, undo });
    expect(madeChanges.of("2026-11-25")).toBeUndefined();
  });

  it("are forgotten once they are taken back", () => {
    madeChanges.keep("2026-11-24", { count: 2, undo });
    madeChanges.drop("2026-11-24");
    expect(madeChanges.of("2026-11-24")).toBeUndefined();
  });
});
