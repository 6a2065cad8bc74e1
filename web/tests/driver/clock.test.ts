import { describe, expect, it } from "vitest";
import { DayClock } from "../../driver/day/clock";

describe("the platform's time on a phone", () => {
  it("is the simulated day's, also for a moment that the phone noted by its own clock", () => {
    const clock = new DayClock(() => 1_000_000);
    clock.hear("2026-10-05T16:14:00Z", true);
    expect(new Date(clock.now()).toISOString()).toBe("2026-10-05T16:14:00.000Z");
    expect(new Date(clock.at(1_000_000 - 60_000)).toISOString()).toBe("2026-10-05T16:13:00.000Z");
  });

  it("does not take a slow answer for a slow day", () => {
    let phone = 1_000_000;
    const clock = new DayClock(() => phone);
    clock.hear("2026-10-05T16:14:00Z", true);
    phone += 1_200;
    clock.hear("2026-10-05T16:14:00.100Z", true);
    phone += 60_000;
    expect(new Date(clock.now()).toISOString()).toBe("2026-10-05T16:15:00.100Z");
  });

  it("is the phone's own on a real day", () => {
    const clock = new DayClock(() => 5);
    clock.hear("2026-10-05T16:14:00Z", false);
    expect([clock.now(), clock.at(3)]).toEqual([5, 3]);
  });
});
