import { ApiError } from "$shared/api/problem";
import type { EventResult, PhoneEvent, PhoneFix } from "../data/views";
import type { EventItem, Item, NewItem, OutboxStore, Picture, PictureItem } from "./items";

export const BATCH_EVENTS = 50;
export const BATCH_FIXES = 200;
/** What arrived stays on the list this long, so that the driver can see it. */
const ARRIVED_KEPT_MS = 20 * 3_600_000;
/** Answers that say "not now": the same request may work later. */
const LATER = new Set([401, 403, 408, 409, 425, 429]);

export interface Courier {
  sendEvents(events: PhoneEvent[]): Promise<{ results: EventResult[] }>;
  sendPicture(id: string, form: FormData): Promise<unknown>;
  sendFixes(fixes: PhoneFix[]): Promise<unknown>;
}

export type FlushEnd = "empty" | "later" | "signed-out";

/** Whether trying the same again can help; what cannot is marked as refused and the line moves on. */
export function isForLater(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || LATER.has(error.status);
}

/**
 * Nothing is ever lost: what happens is kept first and sent after, in order, until the server answers.
 *
 * A picture that failed once lets the events behind it pass: they are small, it is not.
 */
export class Outbox {
  items: Item[] = [];
  private isFlushing = false;
  private travelling = new Set<string>();

  constructor(
    private readonly store: OutboxStore,
    private readonly courier: Courier,
    private readonly now: () => number,
    private readonly onchange: (items: Item[]) => void = () => undefined,
  ) {}

  async load(): Promise<void> {
    const kept = await this.store.list();
    const old = kept.filter((item) => item.status !== "pending" && this.now() - item.made_at > ARRIVED_KEPT_MS);
    await this.store.remove(old.map((item) => item.seq));
    this.items = kept.filter((item) => !old.includes(item));
    this.tell();
  }

  /** Keeps a fact; with `held_ms` it stays on the phone that long before it leaves. */
  addEvent(event: PhoneEvent, place?: string, held_ms = 0): Promise<Item> {
    const held = held_ms > 0 ? { not_before: this.now() + held_ms } : {};
    return this.add({ ...this.fresh(event.id, place), ...held, kind: "event", event });
  }

  /** Takes back facts that never left the phone; what travels or has arrived stays. All or none. */
  async takeBack(ids: string[]): Promise<boolean> {
    const items = this.items.filter((item) => ids.includes(item.id) && this.canTakeBack(item));
    if (items.length !== ids.length) return false;
    this.items = this.items.filter((item) => !items.includes(item));
    this.tell();
    await this.store.remove(items.map((item) => item.seq));
    return true;
  }

  canTakeBack(item: Item): boolean {
    return item.status === "pending" && !this.travelling.has(item.id);
  }

  addPicture(picture: Picture, place?: string): Promise<Item> {
    return this.add({ ...this.fresh(picture.id, place), kind: "picture", picture });
  }

  get pending(): Item[] {
    return this.items.filter((item) => item.status === "pending");
  }

  /** Sends until nothing waits or something has to wait; calls while sending change nothing. */
  async flush(): Promise<FlushEnd> {
    if (this.isFlushing) return "later";
    this.isFlushing = true;
    try {
      for (let next = this.next(); next.length > 0; next = this.next()) {
        const [first] = next;
        if (first?.kind === "picture") await this.sendPicture(first);
        else await this.sendEvents(next as EventItem[]);
      }
      await this.sendFixes();
      return "empty";
    } catch (error) {
      return error instanceof ApiError && error.status === 401 ? "signed-out" : "later";
    } finally {
      this.isFlushing = false;
    }
  }

  /** The first in line: a run of events, or one picture. What is held back holds what came after it. */
  private next(): Item[] {
    const pending = this.pending;
    const held = pending.findIndex((item) => (item.not_before ?? 0) > this.now());
    const waiting = held < 0 ? pending : pending.slice(0, held);
    const events = waiting.filter((item) => item.kind === "event");
    const [first] = waiting;
    if (!first) return [];
    if (first.kind === "picture" && (first.tries === 0 || events.length === 0)) return [first];
    const run = first.kind === "picture" ? events : waiting.slice(0, firstPicture(waiting));
    return run.slice(0, BATCH_EVENTS);
  }

  private async sendEvents(batch: EventItem[]): Promise<void> {
    let results: EventResult[];
    this.travelling = new Set(batch.map((item) => item.id));
    try {
      results = (await this.courier.sendEvents(batch.map((item) => item.event))).results;
    } catch (error) {
      this.travelling.clear();
      await this.replace(batch.map((item) => ({ ...item, tries: item.tries + 1 })));
      if (isForLater(error)) throw error;
      // A batch the server cannot read as a whole: one of them is the culprit, the others must not wait.
      if (batch.length > 1) {
        for (const item of batch) await this.sendEvents([item]);
        return;
      }
      return this.replace(batch.map((item) => this.refused(item, error as ApiError)));
    }
    this.travelling.clear();
    const byId = new Map(results.map((result) => [result.id, result]));
    await this.replace(batch.map((item) => this.judged(item, byId.get(item.id))));
  }

  private judged(item: EventItem, result: EventResult | undefined): Item {
    const at = this.now();
    if (!result) return { ...item, tries: item.tries + 1, status: "refused", arrived_at: at, code: "no_answer" };
    if (result.status !== "refused") return { ...item, status: "arrived", arrived_at: at };
    return { ...item, status: "refused", arrived_at: at, ...(result.code && { code: result.code }), ...(result.detail && { detail: result.detail }) };
  }

  private async sendPicture(item: PictureItem): Promise<void> {
    const { file, ...picture } = item.picture;
    if (!file) return this.replace([{ ...item, status: "refused", arrived_at: this.now(), code: "picture_lost" }]);
    const form = new FormData();
    form.set("file", file, `${picture.kind}.jpg`);
    form.set("stop_id", picture.stop_id);
    form.set("kind", picture.kind);
    form.set("captured_at", picture.captured_at);
    if (picture.position) {
      form.set("lon", String(picture.position[0]));
      form.set("lat", String(picture.position[1]));
    }
    try {
      await this.courier.sendPicture(picture.id, form);
    } catch (error) {
      if (!isForLater(error)) return this.replace([this.refused(item, error as ApiError)]);
      await this.replace([{ ...item, tries: item.tries + 1 }]);
      // With events behind it the line goes on; alone, it waits for its next turn.
      if (this.pending.some((other) => other.kind === "event") && item.tries === 0) return;
      throw error;
    }
    await this.replace([{ ...item, picture, status: "arrived", arrived_at: this.now() }]);
  }

  private async sendFixes(): Promise<void> {
    for (let fixes = await this.store.listFixes(BATCH_FIXES); fixes.length > 0; fixes = await this.store.listFixes(BATCH_FIXES)) {
      try {
        await this.courier.sendFixes(fixes);
      } catch (error) {
        if (isForLater(error)) throw error;
      }
      await this.store.removeFixes(fixes.map((fix) => fix.id));
    }
  }

  private refused(item: Item, error: ApiError): Item {
    return { ...item, status: "refused", arrived_at: this.now(), code: error.code, detail: error.message };
  }

  private fresh(id: string, place?: string): Omit<EventItem, "seq" | "kind" | "event"> {
    return { id, status: "pending", made_at: this.now(), tries: 0, ...(place && { place }) };
  }

  private async add(item: NewItem): Promise<Item> {
    const kept = await this.store.add(item);
    this.items = [...this.items, kept];
    this.tell();
    return kept;
  }

  private async replace(changed: Item[]): Promise<void> {
    for (const item of changed) await this.store.put(item);
    const bySeq = new Map(changed.map((item) => [item.seq, item]));
    this.items = this.items.map((item) => bySeq.get(item.seq) ?? item);
    this.tell();
  }

  private tell(): void {
    this.onchange(this.items);
  }
}

function firstPicture(items: Item[]): number {
  const found = items.findIndex((item) => item.kind === "picture");
  return found < 0 ? items.length : found;
}
