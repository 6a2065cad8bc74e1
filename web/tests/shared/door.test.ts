import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchDoor, type DoorSeen } from "$shared/api/door";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function serve(...phases: string[]): void {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ is_open: true, phase: phases.shift() ?? "running" })));
}

it("looks again until the simulated day is under way, and says each time what it is doing", async () => {
  serve("preparing", "morning", "running");
  const seen: DoorSeen[] = [];
  watchDoor((found) => seen.push(found));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen.map(({ phase }) => phase)).toEqual(["preparing", "morning", "running"]);
});

it("stops looking when its page is gone", async () => {
  serve("morning");
  const seen: DoorSeen[] = [];
  const stop = watchDoor((found) => seen.push(found));
  await vi.advanceTimersByTimeAsync(0);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen.map(({ phase }) => phase)).toEqual(["morning"]);
});
