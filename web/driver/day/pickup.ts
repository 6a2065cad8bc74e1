import type { DayView, ParcelView, StopView } from "../data/views";
import { isLoaded, openStops } from "./route";

/** A colecta as the driver lives it: one visit to a seller, however many orders wait there. Pure. */
export function pickupGroup(day: DayView, stop: StopView): StopView[] {
  if (stop.type !== "pickup") return [stop];
  return openStops(day).filter((other) => other.type === "pickup" && other.merchant_id === stop.merchant_id);
}

export interface PickupCount {
  total: number;
  aboard: number;
  absent: number;
  left: number;
}

export function parcelsOf(stops: StopView[]): { stop: StopView; parcel: ParcelView }[] {
  return stops.flatMap((stop) => stop.parcels.map((parcel) => ({ stop, parcel })));
}

export function countPickup(stops: StopView[], absent: string[]): PickupCount {
  const parcels = parcelsOf(stops).map(({ parcel }) => parcel);
  const aboard = parcels.filter(isLoaded).length;
  const missing = parcels.filter((parcel) => !isLoaded(parcel) && absent.includes(parcel.id)).length;
  return { total: parcels.length, aboard, absent: missing, left: parcels.length - aboard - missing };
}

/** Who hands over at a seller's, as the server is told. */
export const AT_SELLER = "seller";

export interface HandOver {
  photos: string[];
  signature: string | null;
  name: string;
}

/** One closing an order: whole, in part, or not at all when nothing of it was there. */
export function pickupClosings(stops: StopView[], handed: HandOver): Record<string, unknown>[] {
  const evidence = [
    ...handed.photos.map((id) => ({ id, kind: "photo" })),
    ...(handed.signature ? [{ id: handed.signature, kind: "signature" }] : []),
  ];
  const receiver = { relation: AT_SELLER, ...(handed.name.trim() && { name: handed.name.trim() }) };
  return stops.map((stop) => {
    const aboard = stop.parcels.filter(isLoaded).map((parcel) => parcel.id);
    if (aboard.length === 0) return { stop_id: stop.stop_id, outcome: "failed", reason: "PARCEL_MISSING", evidence };
    const isWhole = aboard.length === stop.parcels.length;
    return { stop_id: stop.stop_id, outcome: isWhole ? "succeeded" : "partial", parcels_delivered: aboard, evidence, receiver };
  });
}
