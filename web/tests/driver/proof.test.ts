import { describe, expect, it } from "vitest";
import { cashInHand } from "../../driver/day/cash";
import { judgeAnswer, judgeScan } from "../../driver/load/judge";
import { closeFields, EMPTY_DRAFT, nextNeed, readPesos } from "../../driver/proof/needs";
import { isRut } from "../../driver/proof/rut";
import { sortReasons } from "../../driver/proof/reasons";
import { sketch, wayTo } from "../../driver/day/sketch";
import { readPlace } from "../../driver/state/place";
import { makeDay, makeParcel, makeStop } from "./day";

const full = makeStop(1, { cod_clp: 24_990, requires: { photo: true, signature: true, receiver: true, pin: true } });

describe("the proof", () => {
  it("asks for one thing at a time, in the order of the door", () => {
    const steps = [];
    let draft = { ...EMPTY_DRAFT };
    for (const change of [{ photos: ["p"] }, { who: "other" as const }, { name: "Juan" }, { pin: "4071" }, { isPaid: true }, { signature: "s" }]) {
      steps.push(nextNeed(full, draft));
      draft = { ...draft, ...change };
    }
    expect([...steps, nextNeed(full, draft)]).toEqual(["photo", "receiver", "name", "pin", "cash", "signature", "ready"]);
  });

  it("needs only the photo at a safe place, and names nobody", () => {
    const draft = { ...EMPTY_DRAFT, photos: ["p"], who: "safe_place" as const };
    expect(nextNeed(full, draft)).toBe("ready");
    expect(closeFields(full, draft)["receiver"]).toEqual({ relation: "safe_place" });
  });

  it("tells another amount than the due one with its note, and asks again without", () => {
    const paid = { ...EMPTY_DRAFT, photos: ["p"], who: "recipient" as const, pin: "4071", isPaid: true, signature: "s" };
    expect(nextNeed(full, { ...paid, collected_clp: 20_000 })).toBe("cash");
    const short = { ...paid, collected_clp: 20_000, cashNote: " No tenía más " };
    expect(nextNeed(full, short)).toBe("ready");
    expect(closeFields(full, short)).toMatchObject({ cod_collected_clp: 20_000, note: "No tenía más" });
    expect(closeFields(full, paid)).toMatchObject({ cod_collected_clp: 24_990 });
    expect(closeFields(full, paid)).not.toHaveProperty("note");
  });

  it("reads pesos with points, and nothing as no amount", () => {
    expect(["20.000", "$ 8000", "0", "", "2,5", "-1"].map(readPesos)).toEqual([20_000, 8_000, 0, null, null, null]);
  });

  it("carries what was received, not what was due", () => {
    const stops = [makeStop(1, { outcome: "succeeded", cod_clp: 10_000, cod_collected_clp: 8_000 }), makeStop(2, { outcome: "succeeded", cod_clp: 5_000 })];
    expect(cashInHand(makeDay(stops))).toBe(13_000);
  });

  it("closes in part when a parcel stays in the van", () => {
    const stop = makeStop(1, { parcels: [makeParcel("a", "A", "in_transit"), makeParcel("b", "B", "in_transit")] });
    expect(closeFields(stop, { ...EMPTY_DRAFT, photos: ["p"], who: "recipient", kept: ["b"] })).toMatchObject({
      outcome: "partial", parcels_delivered: ["a"], receiver: { relation: "recipient", name: "Ana" }, evidence: [{ id: "p", kind: "photo" }],
    });
  });

  it("hands over no parcel that was missing at load-out", () => {
    const stop = makeStop(1, { parcels: [makeParcel("a", "A", "in_transit"), makeParcel("b", "B", "missing")] });
    expect(closeFields(stop, { ...EMPTY_DRAFT, photos: ["p"], who: "recipient" })).toMatchObject({ outcome: "partial", parcels_delivered: ["a"] });
  });

  it("proves a delivery with no photo of a failure that was taken back", () => {
    const draft = { ...EMPTY_DRAFT, failurePhotos: ["closed door"], who: "recipient" as const };
    expect(nextNeed(makeStop(1), draft)).toBe("photo");
    expect(closeFields(makeStop(1), { ...draft, photos: ["p"] })["evidence"]).toEqual([{ id: "p", kind: "photo" }]);
  });

  it("checks the digit of a RUT", () => {
    expect([isRut("12.345.678-5"), isRut("123456785"), isRut("12.345.678-4"), isRut("hola")]).toEqual([true, true, false, false]);
  });

  it("puts the most frequent reasons first and loses none", () => {
    const reasons = ["WEATHER", "NO_CONTACT", "RECIPIENT_ABSENT"].map((code) => ({ code, label: code, label_en: code, requires_photo: false }));
    const { often, rare } = sortReasons(reasons, makeStop(1));
    expect([...often, ...rare].map((reason) => reason.code)).toEqual(["RECIPIENT_ABSENT", "NO_CONTACT", "WEATHER"]);
  });

  it("puts what is missing first where nothing is in the van for the door", () => {
    const reasons = ["RECIPIENT_ABSENT", "PARCEL_MISSING"].map((code) => ({ code, label: code, label_en: code, requires_photo: false }));
    const empty = makeStop(1, { parcels: [makeParcel("p", "PR 1", "missing")] });
    expect(sortReasons(reasons, empty).often[0]?.code).toBe("PARCEL_MISSING");
    expect(sortReasons(reasons, makeStop(1)).often.map((reason) => reason.code)).toEqual(["RECIPIENT_ABSENT"]);
  });
});

describe("a scan", () => {
  const day = makeDay([makeStop(1), makeStop(2, { parcels: [makeParcel("x", "PR1002", "loaded")] })], "published");

  it("ends in one of four ways", () => {
    expect(judgeScan(day, "pr 1001").kind).toBe("good");
    expect(judgeScan(day, "PR1002").kind).toBe("already");
    expect(judgeScan(day, "ZZ").kind).toBe("unknown");
    expect(judgeAnswer({ status: "refused", code: "parcel_on_another_route" })).toBe("other_route");
    expect(judgeAnswer(undefined)).toBe("unknown");
  });
});

describe("the way without a map", () => {
  const path: [number, number][] = [[-70.62, -33.43], [-70.61, -33.43], [-70.6, -33.43], [-70.59, -33.43]];

  it("ends at the stop and starts at the driver", () => {
    expect(wayTo(path, [-70.6, -33.4301], [-70.61, -33.43])).toEqual([[-70.61, -33.43], [-70.6, -33.43]]);
  });

  it("stays inside of its frame", () => {
    const drawn = sketch(path, [-70.59, -33.43], 360, 204);
    for (const [x, y] of [drawn.to, drawn.from ?? [0, 0]]) expect(x > 0 && x < 360 && y > 0 && y < 204).toBe(true);
  });
});

describe("addresses of screens", () => {
  it("opens what to do now for whatever it does not know", () => {
    expect(readPlace("#/prueba/s-1")).toEqual({ screen: "prueba", stopId: "s-1" });
    expect(readPlace("#token-of-a-link").screen).toBe("ahora");
  });
});
