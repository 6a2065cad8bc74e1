import { language } from "$shared/i18n/language.svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { PhoneEvent } from "../../driver/data/views";
import { overlay, unseenEvents } from "../../driver/day/overlay";
import { compareStops, countLoad, nextStop, parcelsToReturn, promiseMeaning, stageOf } from "../../driver/day/route";
import { DayClock } from "../../driver/day/clock";
import type { Item } from "../../driver/outbox/items";
import { shortRest, shortRestWords } from "../../driver/day/rest";
import { makeDay, makeParcel, makeStop } from "./day";

beforeEach(() => { language.current = "es"; });

const told = (type: string, fields: Record<string, unknown> = {}): PhoneEvent => ({ id: type, type, occurred_at: "2026-10-05T18:00:00Z", route_id: "route", ...fields });
const day = makeDay([makeStop(1), makeStop(2)], "published");

describe("the day with what the phone did since", () => {
  it("goes from load-out to the next stop without hearing from the server", () => {
    const loaded = overlay(day, [told("parcel.loaded", { barcode: "PR 1001" }), told("parcel.missing", { parcel_id: "parcel-2" })]);
    expect(countLoad(loaded)).toEqual({ total: 2, loaded: 1, missing: 1, left: 0 });
    const out = overlay(loaded, [told("route.loaded"), told("route.started")]);
    expect(stageOf(out)).toBe("stop");
    expect(nextStop(overlay(out, [told("stop.closed", { stop_id: "stop-1", outcome: "succeeded" })]))?.stop_id).toBe("stop-2");
  });

  it("takes what a seller hands over back to the depot with the van", () => {
    const at = makeStop(1, { type: "pickup", parcels: [makeParcel("a", "A", "announced"), makeParcel("b", "B", "announced")] });
    const picked = overlay(makeDay([at]), [
      told("parcel.picked_up", { barcode: "A", stop_id: "stop-1" }),
      told("stop.closed", { stop_id: "stop-1", outcome: "partial", parcels_delivered: ["a"] }),
    ]);
    expect(parcelsToReturn(picked).map(({ parcel }) => [parcel.id, parcel.state])).toContainEqual(["a", "in_transit"]);
  });

  it("never takes the route back to an earlier state", () => {
    expect(overlay(makeDay([makeStop(1)]), [told("route.loading_started")]).route?.state).toBe("started");
  });

  it("brings back what a failed or partial visit left in the van", () => {
    const two = makeStop(1, { parcels: [makeParcel("a", "A", "in_transit"), makeParcel("b", "B", "in_transit")] });
    const partial = overlay(makeDay([two]), [told("stop.closed", { stop_id: "stop-1", outcome: "partial", parcels_delivered: ["a"] })]);
    expect(parcelsToReturn(partial).map(({ parcel }) => parcel.id)).toEqual(["b"]);
    const taken = { ...day, left_aboard: [makeStop(9, { state: "closed", outcome: "cancelled", parcels: [makeParcel("z", "PR 9", "in_transit")] })] };
    expect(parcelsToReturn(taken).map(({ parcel }) => parcel.id)).toContain("z");
    const scanned = overlay(taken, [{ id: "e", type: "parcel.returned_to_depot", occurred_at: day.now, route_id: "route", barcode: "PR 9" }]);
    expect(parcelsToReturn(scanned).map(({ parcel }) => parcel.id)).not.toContain("z");
    expect(stageOf(partial)).toBe("back");
  });

  it("is done once the driver handed in, though the warehouse has not squared the route", () => {
    const back = overlay(day, [told("route.finished")]);
    expect(stageOf(back)).toBe("return");
    const done = overlay(back, [told("route.reconciled")]);
    expect([stageOf(done), done.route?.state]).toEqual(["done", "finished"]);
  });

  it("knows the colación that its phone told, and that it is not to come any more", () => {
    const { route } = makeDay([makeStop(1)]);
    const due = { start: "2026-10-05T17:30:00Z", end: "2026-10-05T18:15:00Z" };
    const out = { ...makeDay([makeStop(1)]), route: route && { ...route, breaks: [due] } };
    const eating = overlay(out, [told("route.paused")]);
    expect(stageOf(eating)).toBe("paused");
    expect(eating.route?.rests).toEqual([{ start: "2026-10-05T18:00:00Z", end: "2026-10-05T18:45:00.000Z", is_over: false, is_short: false }]);
    expect(eating.route?.breaks).toEqual([]);
    const back = overlay(eating, [{ ...told("route.resumed"), occurred_at: "2026-10-05T18:40:00Z" }]);
    expect(stageOf(back)).toBe("stop");
    expect(back.route?.rests).toEqual([{ start: "2026-10-05T18:00:00Z", end: "2026-10-05T18:40:00Z", is_over: true, is_short: false }]);
    // Told twice, it is one.
    expect(overlay(eating, [told("route.paused")]).route?.rests).toHaveLength(1);
  });

  it("says that a colación begun and ended at once does not count, and is still to be had", () => {
    const { route } = makeDay([makeStop(1)]);
    const due = { start: "2026-10-05T17:30:00Z", end: "2026-10-05T18:15:00Z" };
    const out = { ...makeDay([makeStop(1)]), route: route && { ...route, breaks: [due] } };
    const back = overlay(out, [told("route.paused"), told("route.resumed")]);
    expect(back.route?.breaks).toEqual([{ start: "2026-10-05T18:00:00Z", end: "2026-10-05T18:45:00.000Z" }]);
    const short = shortRest(back.route);
    expect(short && shortRestWords(short)).toBe("Tu colación duró 0\u00a0min: es muy corta y no cuenta.");
    // Had in full it is not told of again.
    expect(shortRest(overlay(out, [told("route.paused"), { ...told("route.resumed"), occurred_at: "2026-10-05T18:40:00Z" }]).route)).toBeUndefined();
  });

  it("leaves out another route's events, and refused ones", () => {
    expect(overlay(day, [{ ...told("route.started"), route_id: "other" }]).route?.state).toBe("published");
    const item = (status: Item["status"], arrived_at?: number): Item =>
      ({ seq: 1, id: status, status, made_at: 0, tries: 0, kind: "event", event: told("route.started"), ...(arrived_at && { arrived_at }) });
    expect(unseenEvents([item("refused", 90), item("arrived", 10), item("arrived", 60), item("pending")], 50)).toHaveLength(2);
  });
});

describe("what the driver is told", () => {
  it("names what changed in a new version", () => {
    expect(compareStops([makeStop(1), makeStop(2)], [makeStop(1), makeStop(2), makeStop(3)])).toEqual({ added: 1, removed: 0, isReordered: false });
    expect(compareStops([makeStop(1), makeStop(2)], [makeStop(2, { sequence: 1 }), makeStop(1, { sequence: 2 })]).isReordered).toBe(true);
  });

  it("shows a promise as on time, at risk, late or closed", () => {
    const at = (time: string) => promiseMeaning(makeStop(1), Date.parse(`2026-10-05T${time}Z`));
    expect([at("18:10:00"), at("19:55:00"), at("20:01:00")]).toEqual(["ok", "risk", "late"]);
    expect(promiseMeaning(makeStop(1, { state: "closed", outcome: "failed" }), 0)).toBe("fail");
  });

  it("keeps a simulated day's time at its own speed", () => {
    let phone = 0;
    const clock = new DayClock(() => phone);
    clock.hear("2026-10-05T12:00:00Z", true);
    phone = 10_000;
    clock.hear("2026-10-05T12:01:40Z", true);
    phone = 11_000;
    expect(new Date(clock.now()).toISOString()).toBe("2026-10-05T12:01:50.000Z");
  });
});
