import { newId } from "$shared/api/newId";
import { ApiError } from "$shared/api/problem";
import { waitBefore } from "$shared/live/backoff";
import type { LonLat } from "$shared/map/marks";
import { server } from "../data/server";
import type { DayView, EventResult, PhoneEvent, PhoneFix } from "../data/views";
import { DayClock } from "../day/clock";
import { overlay, unseenEvents } from "../day/overlay";
import { compareStops, type RouteChange } from "../day/route";
import { PhoneDatabase } from "../outbox/database";
import type { Item, Picture } from "../outbox/items";
import { Outbox } from "../outbox/outbox";

const POLL_MS = 15_000;
const LAST_DAY = "day";
const REFUSED_SEEN = "refused_seen";
/** What is gathered at a door is kept until another day's route: a refused visit opens as it was left. */
export const DRAFTS = "draft:";
/** A scan that was refused was shown full-screen already: it needs no second alarm. */
const ANSWERED_ON_SCREEN = new Set(["barcode_unknown", "parcel_on_another_route"]);
/** A failure, whose message would reach the customer at once, and a rest go out after this long: until then a wrong tap leaves no trace. */
const HELD_MS = 10_000;
/** How long the phone offers to take back what has not left it. */
const UNDO_OFFERED_MS = 60_000;
type Phase = "loading" | "ready" | "signed-out" | "no-storage";

interface Undoable {
  ids: string[];
  what: "closed" | "paused" | "resumed";
  place: string;
}

interface KeptDay {
  day: DayView;
  asked_at: number;
}

/** What this phone knows: the day, what waits to be sent, and whether anybody answers. */
class Phone {
  phase = $state<Phase>("loading");
  items = $state.raw<Item[]>([]);
  offlineSince = $state<number>();
  change = $state<RouteChange>();
  position = $state.raw<LonLat>();
  /** What was told last, while it may still be taken back: a closing of that place, or a rest. */
  private last = $state.raw<Undoable>();
  /** Ticks so that what depends on the hour is looked at again. */
  now = $state(Date.now());
  readonly clock = new DayClock(() => Date.now());
  private refusedSeen = $state(0);
  private seen = $state.raw<KeptDay>();
  private database: PhoneDatabase | undefined;
  private outbox: Outbox | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private etag: string | undefined;
  private failures = 0;
  private isAsking = false;
  private isWanted = false;

  readonly day = $derived(this.seen ? overlay(this.seen.day, unseenEvents(this.items, this.seen.asked_at)) : undefined);
  readonly waiting = $derived(this.items.filter((item) => item.status === "pending").length);
  /** Refusals the driver has not looked at yet. */
  readonly refusals = $derived(this.items.filter((item) => item.status === "refused" && item.seq > this.refusedSeen && !ANSWERED_ON_SCREEN.has(item.code ?? "")));
  readonly refused = $derived(this.refusals.length);

  /** What was told last, as long as all of it is still on this phone. */
  readonly undoable = $derived.by(() => {
    const last = this.last;
    if (!last || !last.ids.every((id) => this.items.some((item) => item.id === id && item.status === "pending"))) return undefined;
    return last;
  });

  async start(): Promise<void> {
    try {
      this.database = await PhoneDatabase.open();
    } catch {
      this.phase = "no-storage";
      return;
    }
    this.outbox = new Outbox(this.database, server, () => Date.now(), (items) => { this.items = items; });
    await this.outbox.load();
    this.seen = await this.database.recall<KeptDay>(LAST_DAY);
    this.refusedSeen = (await this.database.recall<number>(REFUSED_SEEN)) ?? 0;
    if (this.seen) {
      this.clock.hear(this.seen.day.now, this.seen.day.is_simulated);
      this.now = this.clock.now();
      this.phase = "ready";
    }
    void navigator.storage?.persist?.();
    addEventListener("online", () => void this.ask());
    addEventListener("offline", () => { this.offlineSince ??= Date.now(); });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void this.ask(); });
    setInterval(() => { this.now = this.clock.now(); }, 5_000);
    await this.ask();
  }

  /** Sends what waits, then asks for the route; alone it comes back by itself. */
  async ask(): Promise<void> {
    this.isWanted = this.isAsking;
    if (this.isAsking || !this.outbox) return;
    this.isAsking = true;
    clearTimeout(this.timer);
    try {
      const end = await this.outbox.flush();
      if (end === "signed-out") throw new ApiError(401, {});
      await this.readRoute();
      this.failures = 0;
      this.offlineSince = undefined;
    } catch (error) {
      this.fail(error);
    }
    this.isAsking = false;
    // Something was kept while the last answer travelled: it leaves now, not in a quarter of a minute.
    if (this.isWanted && !this.failures) return this.ask();
    this.timer = setTimeout(() => void this.ask(), this.failures ? waitBefore(this.failures) : POLL_MS);
  }

  /** Keeps a fact on the phone, shows it at once, and sends it as soon as somebody answers. */
  async tell(type: string, fields: Record<string, unknown> = {}, place?: string, held_ms = 0): Promise<PhoneEvent> {
    const route_id = this.day?.route?.id;
    const event: PhoneEvent = {
      id: this.makeId(),
      type,
      occurred_at: new Date(this.clock.now()).toISOString(),
      ...(route_id && { route_id }),
      ...(this.position && { position: this.position }),
      ...fields,
    };
    await this.outbox?.addEvent(event, place, held_ms);
    void this.ask();
    return event;
  }

  /** Closes stops. One that failed waits a moment here; any of them can be taken back while it has not left. */
  async close(closings: Record<string, unknown>[], place: string): Promise<void> {
    const held_ms = closings.some((fields) => fields["outcome"] === "failed") ? HELD_MS : 0;
    const told: PhoneEvent[] = [];
    for (const fields of closings) told.push(await this.tell("stop.closed", fields, place, held_ms));
    this.offerUndo({ ids: told.map((event) => event.id), what: "closed", place }, held_ms);
  }

  /** The colación begins or ends; for a moment it can be taken back. */
  async rest(type: "route.paused" | "route.resumed"): Promise<void> {
    const event = await this.tell(type, {}, undefined, HELD_MS);
    this.offerUndo({ ids: [event.id], what: type === "route.paused" ? "paused" : "resumed", place: "" }, HELD_MS);
  }

  /** Takes back what was told last: the stop is open again, with what was gathered there; nobody rested. */
  async undo(): Promise<void> {
    const last = this.last;
    this.last = undefined;
    if (last) await this.outbox?.takeBack(last.ids);
  }

  private offerUndo(last: Undoable, held_ms: number): void {
    this.last = last;
    if (held_ms > 0) setTimeout(() => void this.ask(), held_ms + 50);
    setTimeout(() => { if (this.last === last) this.last = undefined; }, UNDO_OFFERED_MS);
  }

  /** Tells a fact and waits a little for what the server says; nothing when it does not answer in time. */
  async askAbout(type: string, fields: Record<string, unknown>, wait_ms: number): Promise<Pick<EventResult, "status" | "code"> | undefined> {
    const event = await this.tell(type, fields);
    const ends_at = Date.now() + wait_ms;
    while (Date.now() < ends_at) {
      const item = this.items.find((kept) => kept.id === event.id);
      if (item?.status === "refused") return { status: "refused", code: item.code ?? null };
      if (item?.status === "arrived") return { status: "accepted", code: null };
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return undefined;
  }

  async keepPicture(picture: Omit<Picture, "id" | "captured_at" | "position">, place?: string): Promise<string> {
    const id = this.makeId();
    const captured_at = new Date(this.clock.now()).toISOString();
    await this.outbox?.addPicture({ ...picture, id, captured_at, ...(this.position && { position: this.position }) }, place);
    void this.ask();
    return id;
  }

  async keepFix(fix: PhoneFix): Promise<void> {
    this.position = fix.position;
    await this.database?.addFix(fix);
  }

  /** The driver has read why: the alarm goes, the line in the list stays. */
  lookAtRefusals(): void {
    this.refusedSeen = Math.max(this.refusedSeen, ...this.refusals.map((item) => item.seq));
    void this.database?.keep(REFUSED_SEEN, this.refusedSeen);
  }

  makeId(): string {
    return newId();
  }

  keep(name: string, value: unknown): Promise<void> | undefined {
    return this.database?.keep(name, value);
  }

  recall<T>(name: string): Promise<T | undefined> {
    return this.database?.recall<T>(name) ?? Promise.resolve(undefined);
  }

  private async readRoute(): Promise<void> {
    const asked_at = Date.now();
    // A simulated day's clock is told only in a whole answer.
    const response = await server.readRoute(this.seen?.day.is_simulated ? undefined : this.etag);
    if (response.status === 304) {
      // What it answers is as fresh as this question: nothing that arrived before is missing from it.
      if (this.seen) this.seen = { ...this.seen, asked_at };
      return;
    }
    this.etag = response.headers.get("etag") ?? undefined;
    await this.take((await response.json()) as DayView, asked_at);
  }

  private async take(day: DayView, asked_at: number): Promise<void> {
    const before = this.seen?.day;
    this.clock.hear(day.now, day.is_simulated);
    this.now = this.clock.now();
    this.seen = { day, asked_at };
    this.phase = "ready";
    await this.database?.keep(LAST_DAY, this.seen);
    const { route } = day;
    if (!route) return;
    if (before?.route?.id !== route.id) await this.database?.forgetAll(DRAFTS);
    if (before?.route?.id === route.id && before.route.version < route.version) this.change = compareStops(before.stops, day.stops);
    const told = this.items.some((item) => item.kind === "event" && item.event.type === "route.acknowledged" && item.event.route_id === route.id && item.event["version"] === route.version);
    if (route.acknowledged_version < route.version && !told) await this.acknowledge(route.version);
  }

  private async acknowledge(version: number): Promise<void> {
    await this.tell("route.acknowledged", { version });
    await this.outbox?.flush();
  }

  private fail(error: unknown): void {
    this.failures += 1;
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      this.phase = "signed-out";
      this.offlineSince = undefined;
      return;
    }
    this.offlineSince ??= Date.now();
  }
}

export const phone = new Phone();
