import { waitBefore } from "./backoff";
import { FrameReader, type Frame } from "./frames";

export type StreamState = "connecting" | "open" | "waiting" | "closed";

export interface StreamOptions {
  url: string;
  onframe: (frame: Frame) => void;
  onstate?: (state: StreamState) => void;
  /** Number of the last frame already seen; the server replays what came after it. */
  after?: string;
}

/** Silence longer than this means a dead connection: the server sends a heartbeat well before. */
const SILENCE_MAX_MS = 45_000;

/**
 * Listens to a server-sent event stream and resumes after the last frame seen.
 *
 * The browser's EventSource gives up for good on an error answer; this one waits and tries again.
 * Returns the function that ends it.
 */
export function openStream(options: StreamOptions): () => void {
  const ending = new AbortController();
  let last = options.after;
  let tries = 0;

  async function listen(): Promise<void> {
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    ending.signal.addEventListener("abort", abort, { once: true });
    let watchdog = setTimeout(abort, SILENCE_MAX_MS);
    try {
      const headers: Record<string, string> = { accept: "text/event-stream" };
      if (last !== undefined) headers["last-event-id"] = last;
      const response = await fetch(options.url, { headers, credentials: "same-origin", signal: attempt.signal, cache: "no-store" });
      if (!response.ok || !response.body) return;
      options.onstate?.("open");
      const reader = new FrameReader();
      const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(abort, SILENCE_MAX_MS);
        tries = 0;
        for (const frame of reader.read(piece.value)) {
          last = frame.id ?? last;
          options.onframe(frame);
        }
      }
    } finally {
      clearTimeout(watchdog);
      ending.signal.removeEventListener("abort", abort);
    }
  }

  async function keepListening(): Promise<void> {
    while (!ending.signal.aborted) {
      options.onstate?.("connecting");
      await listen().catch(() => undefined);
      if (ending.signal.aborted) break;
      tries += 1;
      options.onstate?.("waiting");
      await pause(waitBefore(tries), ending.signal);
    }
    options.onstate?.("closed");
  }

  void keepListening();
  return () => ending.abort();
}

function pause(wait_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait_ms);
    const wake = (): void => { clearTimeout(timer); resolve(); };
    signal.addEventListener("abort", wake, { once: true });
    // When the network returns there is no reason to wait out the pause.
    globalThis.addEventListener?.("online", wake, { once: true, signal });
  });
}
