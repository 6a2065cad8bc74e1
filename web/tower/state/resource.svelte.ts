import { ApiError, OfflineError } from "$shared/api/problem";

export type ResourceState = "loading" | "ready" | "error" | "offline";

/** One answer of the server with its four states. A reload keeps the old value on the screen until the new one comes. */
export class Resource<T> {
  value = $state.raw<T>();
  error = $state.raw<Error>();
  isLoading = $state(false);
  private latest = 0;
  private last: (() => Promise<T>) | undefined;

  get state(): ResourceState {
    if (this.error instanceof OfflineError) return "offline";
    if (this.error) return "error";
    return this.value === undefined ? "loading" : "ready";
  }

  /** Asks; of several requests under way only the last one asked counts. */
  async load(ask: () => Promise<T>): Promise<void> {
    const mine = ++this.latest;
    this.last = ask;
    this.isLoading = true;
    try {
      const value = await ask();
      if (mine !== this.latest) return;
      this.value = value;
      this.error = undefined;
    } catch (raised) {
      if (mine !== this.latest) return;
      this.error = raised instanceof Error ? raised : new Error(String(raised));
    }
    this.isLoading = false;
  }

  async reload(): Promise<void> {
    if (this.last) await this.load(this.last);
  }

  clear(): void {
    this.latest += 1;
    this.value = undefined;
    this.error = undefined;
    this.isLoading = false;
  }
}

/** The sentence that says why a request failed. */
export function sentenceOf(error: unknown, offline: string, unknown: string): string {
  if (error instanceof OfflineError) return offline;
  if (error instanceof ApiError) return error.problem.detail ?? error.problem.title ?? unknown;
  return unknown;
}
