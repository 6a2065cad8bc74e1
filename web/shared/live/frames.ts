/** Reads the event-stream format piece by piece (HTML standard, server-sent events). */
export interface Frame {
  id: string | undefined;
  event: string;
  data: string;
}

export class FrameReader {
  private rest = "";
  private id: string | undefined;
  private event = "";
  private data: string[] = [];
  retry_ms: number | undefined;

  /** Takes the next piece of text and returns the frames it completes. */
  read(piece: string): Frame[] {
    const text = this.rest + piece;
    // A lone \r at the end may be half of \r\n: it waits for the next piece.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    const frames: Frame[] = [];
    for (const line of lines) {
      if (line !== "") this.take(line);
      else if (this.data.length > 0) frames.push(this.finish());
      else this.event = "";
    }
    return frames;
  }

  private take(line: string): void {
    if (line.startsWith(":")) return;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id") this.id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retry_ms = Number(value);
  }

  private finish(): Frame {
    const frame = { id: this.id, event: this.event || "message", data: this.data.join("\n") };
    this.event = "";
    this.data = [];
    return frame;
  }
}
