import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { ApiError, OfflineError } from "$shared/api/problem";
import type { EventResult, PhoneEvent, PhoneFix } from "../../driver/data/views";
import { PhoneDatabase } from "../../driver/outbox/database";
import { Outbox, type Courier } from "../../driver/outbox/outbox";

/** A server that answers as told, and remembers what reached it. */
class Server implements Courier {
  seen: string[] = [];
  failing: Error | undefined;
  failingPictures: Error | undefined;
  refused = new Map<string, string>();

  async sendEvents(events: PhoneEvent[]): Promise<{ results: EventResult[] }> {
    if (this.failing) throw this.failing;
    if (events.length > 1 && events.some((event) => event.type === "bad")) throw new ApiError(400, { code: "body_unreadable" });
    if (events[0]?.type === "bad") throw new ApiError(400, { code: "body_unreadable", detail: "No se entiende." });
    const results = events.map((event): EventResult => {
      const isKnown = this.seen.includes(event.id);
      if (!isKnown) this.seen.push(event.id);
      const code = this.refused.get(event.id) ?? null;
      return { id: event.id, status: code ? "refused" : isKnown ? "duplicate" : "accepted", code, detail: code && "No va." };
    });
    return { results };
  }

  async sendPicture(id: string): Promise<void> {
    if (this.failing ?? this.failingPictures) throw this.failing ?? this.failingPictures;
    this.seen.push(id);
  }

  async sendFixes(fixes: PhoneFix[]): Promise<void> {
    if (this.failing) throw this.failing;
    this.seen.push(...fixes.map((fix) => fix.id));
  }
}

const event = (id: string, type = "stop.arrived"): PhoneEvent => ({ id, type, occurred_at: "2026-10-05T18:00:00Z" });
const picture = (id: string) => ({ id, stop_id: "s", kind: "photo" as const, captured_at: "2026-10-05T18:00:00Z", file: new Blob(["x"]) });
const OFFLINE = new OfflineError("no answer");

async function open(server: Server, now = () => 1_000): Promise<{ box: Outbox; store: PhoneDatabase }> {
  const store = await PhoneDatabase.open();
  const box = new Outbox(store, server, now);
  await box.load();
  return { box, store };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe("the outbox", () => {
  it("sends in the order things happened, pictures in their place", async () => {
    const server = new Server();
    const { box } = await open(server);
    await box.addEvent(event("1"));
    await box.addPicture(picture("2"));
    await box.addEvent(event("3"));
    expect(await box.flush()).toBe("empty");
    expect(server.seen).toEqual(["1", "2", "3"]);
    expect(box.items.map((item) => item.status)).toEqual(["arrived", "arrived", "arrived"]);
  });

  it("keeps everything across a reload without signal, and sends it once afterwards", async () => {
    const server = new Server();
    server.failing = OFFLINE;
    const first = await open(server);
    await first.box.addEvent(event("1"));
    await first.box.addPicture(picture("2"));
    expect(await first.box.flush()).toBe("later");
    first.store.close();

    const second = await open(server);
    expect(second.box.pending.map((item) => item.id)).toEqual(["1", "2"]);
    server.failing = undefined;
    await second.box.flush();
    await second.box.flush();
    expect(server.seen).toEqual(["1", "2"]);
  });

  it("counts a known event as arrived: the answer was lost, not the event", async () => {
    const server = new Server();
    server.seen.push("1");
    const { box } = await open(server);
    await box.addEvent(event("1"));
    await box.flush();
    expect(box.items[0]?.status).toBe("arrived");
  });

  it("shows a refused event with its sentence and goes on with the next", async () => {
    const server = new Server();
    server.refused.set("1", "stop_already_closed");
    const { box } = await open(server);
    await box.addEvent(event("1"));
    await box.addEvent(event("2"));
    expect(await box.flush()).toBe("empty");
    expect(box.items[0]).toMatchObject({ status: "refused", code: "stop_already_closed", detail: "No va." });
    expect(box.items[1]?.status).toBe("arrived");
  });

  it("finds the one event a server cannot read, and does not let it hold the others", async () => {
    const server = new Server();
    const { box } = await open(server);
    await box.addEvent(event("1"));
    await box.addEvent(event("2", "bad"));
    await box.addEvent(event("3"));
    await box.flush();
    expect(box.items.map((item) => item.status)).toEqual(["arrived", "refused", "arrived"]);
  });

  it("lets events pass a picture that failed once", async () => {
    const server = new Server();
    server.failingPictures = OFFLINE;
    const { box } = await open(server);
    await box.addPicture(picture("1"));
    await box.addEvent(event("2"));
    expect(await box.flush()).toBe("later");
    expect(server.seen).toEqual(["2"]);
    expect(box.pending.map((item) => item.id)).toEqual(["1"]);
  });

  it("waits, losing nothing, when the server is down or the session has ended", async () => {
    const server = new Server();
    const { box } = await open(server);
    await box.addEvent(event("1"));
    server.failing = new ApiError(503, {});
    expect(await box.flush()).toBe("later");
    server.failing = new ApiError(401, {});
    expect(await box.flush()).toBe("signed-out");
    expect(box.pending).toHaveLength(1);
  });

  it("drops a picture's bytes only after it has arrived", async () => {
    const server = new Server();
    const { box, store } = await open(server);
    await box.addPicture(picture("1"));
    await box.flush();
    const [kept] = await store.list();
    expect(kept).toMatchObject({ status: "arrived", picture: { id: "1" } });
    expect(kept?.kind === "picture" && kept.picture.file).toBeFalsy();
  });

  it("sends positions and forgets them only then", async () => {
    const server = new Server();
    const { box, store } = await open(server);
    await store.addFix({ id: "f", at: "2026-10-05T18:00:00Z", position: [-70, -33], accuracy_m: 5, speed_mps: null, heading_deg: null });
    server.failing = OFFLINE;
    await box.flush();
    expect(await store.listFixes(10)).toHaveLength(1);
    server.failing = undefined;
    await box.flush();
    expect(await store.listFixes(10)).toHaveLength(0);
  });

  it("clears yesterday's arrivals, never what waits", async () => {
    const server = new Server();
    let now = 1_000;
    const first = await open(server, () => now);
    await first.box.addEvent(event("1"));
    await first.box.flush();
    await first.box.addEvent(event("2"));
    now += 30 * 3_600_000;
    const second = await open(server, () => now);
    expect(second.box.items.map((item) => item.id)).toEqual(["2"]);
  });

  it("holds back what may be taken back, and what came after it, until its time", async () => {
    const server = new Server();
    let now = 1_000;
    const { box } = await open(server, () => now);
    await box.addEvent(event("1"));
    await box.addEvent(event("2", "stop.closed"), undefined, 10_000);
    await box.addEvent(event("3"));
    await box.flush();
    expect(server.seen).toEqual(["1"]);
    now = 11_001;
    await box.flush();
    expect(server.seen).toEqual(["1", "2", "3"]);
  });

  it("forgets what is taken back in time, and nothing that left", async () => {
    const server = new Server();
    const { box, store } = await open(server);
    await box.addEvent(event("1"));
    await box.flush();
    await box.addEvent(event("2", "stop.closed"), undefined, 10_000);
    expect(await box.takeBack(["1", "2"])).toBe(false);
    expect(await box.takeBack(["2"])).toBe(true);
    await box.flush();
    expect(server.seen).toEqual(["1"]);
    expect((await store.list()).map((item) => item.id)).toEqual(["1"]);
  });
});
