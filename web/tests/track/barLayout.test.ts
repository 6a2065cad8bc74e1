import { describe, expect, it } from "vitest";
import { layOutBar } from "../../track/state/barLayout";

const at = (hour: string): string => `2026-10-05T${hour}:00-03:00`;
const window = (start: string, end: string): { start: string; end: string } => ({ start: at(start), end: at(end) });

describe("the bar after a delay", () => {
  it.each([320, 360, 480])("has room for the hours of both windows at %i px, however near they are", (width) => {
    for (const fresh of [window("12:15", "14:15"), window("14:00", "14:30"), window("18:00", "18:30")]) {
      const { labels } = layOutBar({ window: fresh, old: window("12:00", "14:00"), now: at("12:30") }, width);
      expect(labels).toBeDefined();
      if (!labels) continue;
      expect(labels.new - labels.old).toBeGreaterThanOrEqual(84);
      expect(labels.old).toBeGreaterThanOrEqual(42);
      expect(labels.new).toBeLessThanOrEqual(width - 42);
    }
  });

  it("has none while the promise stands", () => {
    expect(layOutBar({ window: window("12:00", "14:00"), old: null, now: at("12:30") }, 320).labels).toBeUndefined();
  });
});
