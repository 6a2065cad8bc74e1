import { expect, it, vi } from "vitest";
import { Soon } from "../../tower/state/soon";

it("does once what many facts within the pause ask for, and again for later ones", () => {
  vi.useFakeTimers();
  const work = vi.fn();
  const soon = new Soon(work, 1_000);
  for (let fact = 0; fact < 50; fact += 1) soon.ask();
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(1);
  soon.ask();
  soon.stop();
  vi.advanceTimersByTime(5_000);
  expect(work).toHaveBeenCalledTimes(1);
  soon.ask();
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
