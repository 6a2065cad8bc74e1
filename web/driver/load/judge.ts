import type { DayView, EventResult, ParcelView, StopView } from "../data/views";
import { isLoaded, leftAboard } from "../day/route";

/** Every scan ends in one of five ways; at a seller's, what is not on its list is not for this van to take. */
export type ScanKind = "good" | "already" | "other_route" | "unknown" | "not_here";

export interface ScanResult {
  kind: ScanKind;
  code: string;
  stop?: StopView;
  parcel?: ParcelView;
}

/** Codes are compared without spaces or case: labels are printed both ways. A reader set to another keyboard writes ' for -. */
export function cleanCode(code: string): string {
  return code.replace(/\s+/g, "").replaceAll("'", "-").toUpperCase();
}

export function findParcel(day: DayView, code: string): { stop: StopView; parcel: ParcelView } | undefined {
  const wanted = cleanCode(code);
  for (const stop of [...day.stops, ...leftAboard(day)]) {
    const parcel = stop.parcels.find((item) => cleanCode(item.barcode) === wanted);
    if (parcel) return { stop, parcel };
  }
  return undefined;
}

/** The result that this phone can tell by itself; a code it does not know is for the server to name. */
export function judgeScan(day: DayView, code: string): ScanResult {
  const found = findParcel(day, code);
  if (!found) return { kind: "unknown", code: code.trim() };
  return { kind: isLoaded(found.parcel) ? "already" : "good", code: found.parcel.barcode, ...found };
}

/** What the server says about a code that is not on this phone's list. */
export function judgeAnswer(answer: Pick<EventResult, "status" | "code"> | undefined): ScanKind {
  return answer?.code === "parcel_on_another_route" ? "other_route" : "unknown";
}
