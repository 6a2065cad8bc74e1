import { send } from "../api/client";
import { waitBefore } from "./backoff";

export interface PollOptions<T> {
  url: string;
  every_ms: number;
  onvalue: (value: T) => void;
  /** The snapshot was asked for and is still the one shown. */
  onsame?: () => void;
  onerror?: (error: unknown) => void;
}

export interface Poll {
  /** Asks at once, for instance after the person changed something. */
  now: () => void;
  stop: () => void;
}

/** Reads a snapshot again and again; an unchanged one (ETag, 304) costs nothing and is not announced. */
export function startPoll<T>(options: PollOptions<T>): Poll {
  const ending = new AbortController();
  let etag: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isWanted = false;
  let failures = 0;

  async function ask(): Promise<void> {
    if (ending.signal.aborted) return;
    // Asked for while an answer is on its way: that answer may be older than the change.
    isWanted = isAsking;
    if (isAsking) return;
    isAsking = true;
    clearTimeout(timer);
    try {
      const headers = etag ? { "if-none-match": etag } : undefined;
      const response = await send("get", options.url, { ...(headers && { headers }), signal: ending.signal });
      failures = 0;
      if (response.status !== 304) {
        etag = response.headers.get("etag") ?? undefined;
        options.onvalue((await response.json()) as T);
      } else options.onsame?.();
    } catch (error) {
      failures += 1;
      if (!ending.signal.aborted) options.onerror?.(error);
    }
    isAsking = false;
    if (isWanted && !failures) return ask();
    if (!ending.signal.aborted) timer = setTimeout(() => void ask(), failures ? waitBefore(failures) : options.every_ms);
  }

  void ask();
  return {
    now: () => void ask(),
    stop: () => {
      ending.abort();
      clearTimeout(timer);
    },
  };
}
