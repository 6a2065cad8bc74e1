import { ApiError, OfflineError } from "$shared/api/problem";

export type ResourceState = "loading" | "ready" | "error" | "offline";

/** One answer of the server with its four states. A reload keeps the old value on the screen until the new one comes. */
export class Resource<T> {
  value = $state.raw<T>();
  error = $state.raw<Error>();
  isLoading = $state(false);
  private latest = 0;
  private last: (() => Promise<T>) | undefined;
  // Plain, not state: an effect that renews must not run again because an answer came.
  private isUnderWay = false;
  private isStale = false;

  get state(): ResourceState {
    if (this.error instanceof OfflineError) return "offline";
    if (this.error) return "error";
    return this.value === undefined ? "loading" : "ready";
  }

  /** Asks; of several requests under way only the last one asked counts. */
  async load(ask: () => Promise<T>): Promise<void> {
    const mine = ++this.latest;
    this.last = ask;
    this.isLoading = this.isUnderWay = true;
    this.isStale = false;
    try {
      const value = await ask();
      if (mine !== this.latest) return;
      this.value = value;
      this.error = undefined;
    } catch (raised) {
      if (mine !== this.latest) return;
      this.error = raised instanceof Error ? raised : new Error(String(raised));
    }
    this.isLoading = this.isUnderWay = false;
    if (this.isStale) await this.reload();
  }

  /** Asks the same again, after the answer under way: asked anew with each change, a busy screen would never see one. */
  async renew(): Promise<void> {
    if (this.isUnderWay) this.isStale = true;
    else await this.reload();
  }

  async reload(): Promise<void> {
    if (this.last) await this.load(this.last);
  }

  clear(): void {
    this.latest += 1;
    this.value = undefined;
    this.error = undefined;
    this.isLoading = this.isUnderWay = this.isStale = false;
  }
}

/** The sentence that says why a request failed. */
export function sentenceOf(error: unknown, offline: string, unknown: string): string {
  if (error instanceof OfflineError) return offline;
  if (error instanceof ApiError) return error.problem.detail ?? error.problem.title ?? unknown;
  return unknown;
}
