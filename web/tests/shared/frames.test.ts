import { describe, expect, it } from "vitest";
import { FrameReader } from "$shared/live/frames";

describe("event stream", () => {
  it("joins a frame that arrives in two pieces", () => {
    const reader = new FrameReader();
    expect(reader.read("id: 7\nevent: fa")).toEqual([]);
    expect(reader.read('ct\ndata: {"a":1}\n\n')).toEqual([{ id: "7", event: "fact", data: '{"a":1}' }]);
  });

  it("keeps the last id for frames that carry none", () => {
    const frames = new FrameReader().read("id: 7\ndata: a\n\nevent: day\ndata: b\n\n");
    expect(frames.map((frame) => frame.id)).toEqual(["7", "7"]);
  });

  it("ignores heartbeats and reads a line ended by CR LF split in two pieces", () => {
    const reader = new FrameReader();
    expect(reader.read(": ping\r\n\r\ndata: a\r")).toEqual([]);
    expect(reader.read("\n\r\n")).toEqual([{ id: undefined, event: "message", data: "a" }]);
  });

  it("joins several data lines with a line break", () => {
    expect(new FrameReader().read("data: a\ndata: b\n\n")[0]?.data).toBe("a\nb");
  });
});
