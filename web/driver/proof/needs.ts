import type { StopView } from "../data/views";
import { parcelsThere } from "../day/route";

/** Who takes it: the words the server knows as relation. */
export const RECEIVERS = ["recipient", "concierge", "other", "safe_place"] as const;
export type ReceiverKind = (typeof RECEIVERS)[number];

/** What the driver has gathered at one door; kept on the phone until the stop closes. */
export interface Draft {
  photos: string[];
  /** Taken to show why it failed: they prove no other outcome. */
  failurePhotos: string[];
  signature: string | null;
  who: ReceiverKind | null;
  name: string;
  rut: string;
  pin: string;
  /** Whether the cash on delivery is in hand. */
  isPaid: boolean;
  /** What was received when it is not what was due, and why. */
  collected_clp: number | null;
  cashNote: string;
  /** Parcels that stay in the van, by id. */
  kept: string[];
  /** Parcels the seller does not have, by id. */
  absent: string[];
  /** The call made before giving up, as evidence. */
  call: string | null;
}

export const EMPTY_DRAFT: Draft = { photos: [], failurePhotos: [], signature: null, who: null, name: "", rut: "", pin: "", isPaid: false, collected_clp: null, cashNote: "", kept: [], absent: [], call: null };

export type Need = "photo" | "receiver" | "name" | "signature" | "pin" | "cash" | "ready";

const PIN_LENGTH_MIN = 4;

/** Pesos as a thumb writes them, with or without points; null for what is no amount. */
export function readPesos(text: string): number | null {
  const digits = text.replace(/[\s.$]/g, "");
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

/** What the driver has in hand once it was paid. */
export function collectedOf(stop: StopView, draft: Draft): number {
  return draft.collected_clp ?? stop.cod_clp ?? 0;
}

/** The next thing that is missing, in the order it happens at a door. At a safe place the photo is all. */
export function nextNeed(stop: StopView, draft: Draft): Need {
  if (stop.requires.photo && draft.photos.length === 0) return "photo";
  if (draft.who === null) return "receiver";
  if (draft.who === "safe_place") return "ready";
  if (draft.who === "other" && !draft.name.trim()) return "name";
  if (stop.requires.pin && draft.pin.trim().length < PIN_LENGTH_MIN) return "pin";
  if (stop.cod_clp && (!draft.isPaid || (collectedOf(stop, draft) !== stop.cod_clp && !draft.cashNote.trim()))) return "cash";
  if (stop.requires.signature && !draft.signature) return "signature";
  return "ready";
}

/** The fields of stop.closed for what was gathered. */
export function closeFields(stop: StopView, draft: Draft): Record<string, unknown> {
  const who = draft.who ?? "recipient";
  const delivered = parcelsThere(stop).filter((parcel) => !draft.kept.includes(parcel.id)).map((parcel) => parcel.id);
  const isWhole = delivered.length === stop.parcels.length;
  const evidence = [
    ...draft.photos.map((id) => ({ id, kind: "photo" })),
    ...(draft.signature ? [{ id: draft.signature, kind: "signature" }] : []),
  ];
  const isNamed = who !== "safe_place";
  const name = who === "recipient" ? stop.name : draft.name.trim() || null;
  return {
    stop_id: stop.stop_id,
    outcome: isWhole ? "succeeded" : "partial",
    ...(!isWhole && { parcels_delivered: delivered }),
    receiver: { relation: who, ...(isNamed && name && { name }), ...(isNamed && draft.rut.trim() && { rut: draft.rut.trim() }) },
    evidence,
    ...(stop.requires.pin && draft.pin.trim() && who !== "safe_place" && { pin: draft.pin.trim() }),
    ...(stop.cod_clp && draft.isPaid && { cod_collected_clp: collectedOf(stop, draft) }),
    ...(stop.cod_clp && draft.isPaid && collectedOf(stop, draft) !== stop.cod_clp && { note: draft.cashNote.trim() }),
  };
}
