import { describe, expect, it } from "vitest";
import { countPickup, pickupClosings, pickupGroup } from "../../driver/day/pickup";
import { ScannerKeys } from "../../driver/load/wedge";
import { makeDay, makeParcel, makeStop } from "./day";

const first = makeStop(1, { type: "pickup", parcels: [makeParcel("a", "A", "in_transit"), makeParcel("b", "B", "announced")] });
const second = makeStop(2, { type: "pickup", parcels: [makeParcel("c", "C", "announced")] });
const elsewhere = makeStop(3, { type: "pickup", merchant_id: "other" });

describe("a colecta", () => {
  it("is one visit for all the orders of a seller", () => {
    const day = makeDay([first, second, elsewhere, makeStop(4)]);
    expect(pickupGroup(day, first).map((stop) => stop.stop_id)).toEqual(["stop-1", "stop-2"]);
    expect(pickupGroup(day, makeStop(4))).toHaveLength(1);
  });

  it("is done when each parcel is aboard or said not to be there", () => {
    expect(countPickup([first, second], ["b"])).toEqual({ total: 3, aboard: 1, absent: 1, left: 1 });
    expect(countPickup([first, second], ["a", "b", "c"])).toEqual({ total: 3, aboard: 1, absent: 2, left: 0 });
  });

  it("closes each order by what of it is aboard", () => {
    const closings = pickupClosings([first, second], { photos: ["p"], signature: null, name: " Rosa " });
    expect(closings.map((fields) => [fields["outcome"], fields["reason"], fields["parcels_delivered"]])).toEqual([["partial", undefined, ["a"]], ["failed", "PARCEL_MISSING", undefined]]);
    expect(closings[0]).toMatchObject({ receiver: { relation: "seller", name: "Rosa" }, evidence: [{ id: "p", kind: "photo" }] });
  });
});

describe("a scanner that acts as a keyboard", () => {
  const typed = (keys: ScannerKeys, code: string, from_ms: number, gap_ms: number): void => [...code].forEach((key, index) => keys.press(key, from_ms + index * gap_ms));

  it("is heard when it types faster than a thumb and ends with Enter", () => {
    const keys = new ScannerKeys();
    typed(keys, "PR1001", 1_000, 10);
    expect(keys.press("Enter", 1_070)).toBe("PR1001");
  });

  it("is heard whole though the phone falters", () => {
    const keys = new ScannerKeys();
    typed(keys, "PR1001", 1_000, 300);
    expect(keys.press("Enter", 2_800)).toBe("PR1001");
  });

  it("is neither a stray key before it nor a lonely Enter", () => {
    const keys = new ScannerKeys();
    keys.press("x", 1_000);
    typed(keys, "PR1001", 2_000, 10);
    expect(keys.press("Enter", 2_060)).toBe("PR1001");
    expect(keys.press("Enter", 2_070)).toBeUndefined();
  });

  it("does not end with an Enter of later", () => {
    const keys = new ScannerKeys();
    typed(keys, "PR1001", 1_000, 10);
    expect(keys.press("Enter", 1_900)).toBeUndefined();
  });
});
