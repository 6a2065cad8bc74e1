import { expect, it } from "vitest";
import { nextMeeting, parcelsAt } from "../../driver/day/meeting";
import { dueParcels } from "../../driver/day/route";
import { makeDay, makeParcel, makeStop } from "./day";

const transfer = { from_code: "R-14", is_depot: false, position: [-70.6, -33.4] as [number, number] };
const moved = (state: string) => makeStop(2, { transfer, parcels: [makeParcel("p", "PR 9", state)] });

it("meets the van that stands before the next stop, but after a visit already begun", () => {
  expect(nextMeeting(makeDay([makeStop(1), moved("in_transit")]))).toEqual(transfer);
  expect(nextMeeting(makeDay([makeStop(1, { state: "en_route" }), moved("in_transit")]))).toBeUndefined();
});

it("goes on once every parcel was scanned into this van", () => {
  const day = makeDay([makeStop(1), moved("loaded")]);
  expect(nextMeeting(day)).toBeUndefined();
  expect(parcelsAt(day, transfer).map((row) => row.isIn)).toEqual([true]);
});

it("goes on without a parcel that the other van did not have", () => {
  const parcels = [makeParcel("p", "PR 9", "loaded"), makeParcel("q", "PR 10", "missing")];
  const day = makeDay([makeStop(1, { transfer, parcels })]);
  expect(nextMeeting(day)).toBeUndefined();
  expect(parcelsAt(day, transfer).map((row) => [row.isIn, row.isGone])).toEqual([[true, false], [false, true]]);
});

it("does not ask at the depot for parcels that are in another van", () => {
  expect(dueParcels(makeDay([makeStop(1), moved("in_transit")], "published")).map(({ stop }) => stop.sequence)).toEqual([1]);
});

it("loads for its next trip once the one before is over, and not sooner", () => {
  const depot = { from_code: "Centro", is_depot: true, position: [-70.66, -33.44] as [number, number] };
  const later = (change = {}) => makeStop(2, { trip: 2, transfer: depot, ...change });
  const urgent = makeStop(3, { transfer: depot });
  expect(dueParcels(makeDay([makeStop(1), later()], "published")).map(({ stop }) => stop.sequence)).toEqual([1]);
  expect(nextMeeting(makeDay([makeStop(1), later()]))).toBeUndefined();
  const back = makeDay([makeStop(1, { state: "closed" }), later()]);
  expect(nextMeeting(back)).toEqual(depot);
  expect(parcelsAt(back, depot).map((row) => row.stop.sequence)).toEqual([2]);
  expect(nextMeeting(makeDay([makeStop(1, { state: "closed" }), later({ transfer: null })]))).toBeUndefined();
  // An urgent order is fetched at once, and nothing of the next trip with it.
  const called = makeDay([makeStop(1), later(), urgent]);
  expect(nextMeeting(called)).toEqual(depot);
  expect(parcelsAt(called, depot).map((row) => row.stop.sequence)).toEqual([3]);
});
