import type { DayView, ParcelView, StopView } from "../data/views";
import { isMissing, nextStop, openStops } from "./route";

/** Where parcels are fetched before the next stop: another van that stands, or a depot. */
export type Meeting = NonNullable<StopView["transfer"]>;

export interface MeetingParcel {
  stop: StopView;
  parcel: ParcelView;
  isIn: boolean;
  /** The other van did not have it. */
  isGone: boolean;
}

/** Whom to meet before going on; a visit already begun comes first. */
export function nextMeeting(day: DayView): Meeting | undefined {
  const next = nextStop(day);
  if (!next || next.state === "arrived" || next.state === "en_route") return undefined;
  return openStops(day).find((stop) => stop.transfer && stop.trip === next.trip && !isFetched(stop))?.transfer ?? undefined;
}

/** The parcels that van hands over, or that are loaded for the trip that comes now. */
export function parcelsAt(day: DayView, meeting: Meeting): MeetingParcel[] {
  const trip = nextStop(day)?.trip;
  return openStops(day)
    .filter((stop) => stop.trip === trip && stop.transfer?.from_code === meeting.from_code)
    .flatMap((stop) => stop.parcels.map((parcel) => ({ stop, parcel, isIn: isIn(parcel), isGone: isMissing(parcel) })));
}

/** The server says in_transit while another van has it, and takes the meeting away once it is fetched; what this phone scanned is loaded. */
function isIn(parcel: ParcelView): boolean {
  return parcel.state === "loaded";
}

function isFetched(stop: StopView): boolean {
  return stop.parcels.every((parcel) => isIn(parcel) || isMissing(parcel));
}
