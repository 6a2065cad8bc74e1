import type { LonLat } from "$shared/map/marks";
import type { PhoneEvent, PhoneFix } from "../data/views";

export type ItemStatus = "pending" | "arrived" | "refused";

export interface Picture {
  /** Made by the phone; the event that closes the stop names it. */
  id: string;
  stop_id: string;
  kind: "photo" | "signature";
  captured_at: string;
  position?: LonLat;
  /** Dropped once it has arrived, to give the phone its room back. */
  file?: Blob;
}

interface Common {
  /** Place in the line: what is sent first happened first. */
  seq: number;
  id: string;
  status: ItemStatus;
  /** Phone time, in milliseconds. */
  made_at: number;
  arrived_at?: number;
  /** Phone time before which it stays here, so that it can still be taken back. */
  not_before?: number;
  tries: number;
  /** The street, for the list on the phone; it never leaves it. */
  place?: string;
  /** Why the server refused it, in its own words and by its stable code. */
  detail?: string;
  code?: string;
}

export type EventItem = Common & { kind: "event"; event: PhoneEvent };
export type PictureItem = Common & { kind: "picture"; picture: Picture };
export type Item = EventItem | PictureItem;
export type NewItem = Omit<EventItem, "seq"> | Omit<PictureItem, "seq">;

/** Where the outbox is kept: IndexedDB on a phone. */
export interface OutboxStore {
  list(): Promise<Item[]>;
  add(item: NewItem): Promise<Item>;
  put(item: Item): Promise<void>;
  remove(seqs: number[]): Promise<void>;
  addFix(fix: PhoneFix): Promise<void>;
  listFixes(limit: number): Promise<PhoneFix[]>;
  removeFixes(ids: string[]): Promise<void>;
}
