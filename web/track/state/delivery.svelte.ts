import { ApiError, OfflineError } from "$shared/api/problem";
import { startPoll, type Poll } from "$shared/live/poll";
import { openStream } from "$shared/live/stream";
import { trackUrl } from "../data/server";
import type { TrackView } from "../data/views";
import { readToken } from "./link";

/** Asked this often even when the stream is silent or the network cuts it. */
const POLL_MS = 15_000;
const ENDED = new Set([401, 403, 404, 410, 422]);

type Phase = "loading" | "ready" | "broken" | "ended" | "failed";

/** The delivery as last seen, and how fresh that is. */
class Delivery {
  readonly token = readToken(location.pathname) ?? "";
  phase = $state<Phase>(this.token ? "loading" : "broken");
  view = $state.raw<TrackView>();
  isOffline = $state(false);
  seenAt = $state<number>();
  private poll: Poll | undefined;
  private endStream: (() => void) | undefined;

  start(): () => void {
    if (!this.token) return () => undefined;
    this.poll = startPoll<TrackView>({
      url: trackUrl(this.token),
      every_ms: POLL_MS,
      onvalue: (view) => this.show(view),
      onsame: () => this.confirm(),
      onerror: (error) => this.fail(error),
    });
    this.endStream = openStream({
      url: `${trackUrl(this.token)}/stream`,
      onframe: (frame) => { if (frame.event === "changed") this.poll?.now(); },
    });
    return () => this.stop();
  }

  show(view: TrackView): void {
    this.view = view;
    this.phase = "ready";
    this.confirm();
  }

  again(): void {
    if (!this.view) this.phase = "loading";
    this.poll?.now();
  }

  private confirm(): void {
    this.isOffline = false;
    this.seenAt = Date.now();
  }

  private fail(error: unknown): void {
    if (error instanceof ApiError && ENDED.has(error.status)) {
      this.phase = "ended";
      this.view = undefined;
      return this.stop();
    }
    this.isOffline = error instanceof OfflineError;
    if (!this.view) this.phase = "failed";
  }

  private stop(): void {
    this.poll?.stop();
    this.endStream?.();
  }
}

export const delivery = new Delivery();
