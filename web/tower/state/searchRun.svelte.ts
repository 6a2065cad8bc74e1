import { ApiError } from "$shared/api/problem";

export interface SearchView {
  id: string;
  state: string;
  progress: number;
  failure: string | null;
}

const ASK_EVERY_MS = 400;
const WAITING = new Set(["queued", "running"]);

/** What the planner looks for beside the server: asked for, waited for, and left when nobody waits any more. */
export class SearchRun<T extends SearchView> {
  /** The last answer; an older one stays while the next is looked for. */
  found = $state.raw<T>();
  /** What is waited for, as it was told last. */
  asked = $state.raw<T>();
  error = $state.raw<Error>();
  private isAsking = $state(false);
  private latest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly look: (id: string) => Promise<T>,
    private readonly cancel: (id: string) => Promise<unknown>,
  ) {}

  get isRunning(): boolean {
    return this.isAsking || (this.asked !== undefined && WAITING.has(this.asked.state));
  }

  /** Whether the planner does something else first. */
  get isQueued(): boolean {
    return this.asked?.state === "queued";
  }

  get progress(): number {
    return this.asked?.progress ?? 0;
  }

  /** Looks anew; what was looked for before is left. */
  async start(ask: () => Promise<T>): Promise<void> {
    this.leave();
    const mine = this.latest;
    this.error = undefined;
    this.isAsking = true;
    try {
      const asked = await ask();
      if (mine !== this.latest) { void this.cancel(asked.id).catch(() => undefined); return; }
      this.take(asked, mine);
    } catch (raised) {
      if (mine === this.latest) this.error = raised instanceof Error ? raised : new Error(String(raised));
    } finally {
      if (mine === this.latest) this.isAsking = false;
    }
  }

  /** Nobody waits any more: the planner stops, and what was found before stays. */
  leave(): void {
    this.latest += 1;
    clearTimeout(this.timer);
    if (this.asked && WAITING.has(this.asked.state)) void this.cancel(this.asked.id).catch(() => undefined);
    this.asked = undefined;
    this.isAsking = false;
  }

  clear(): void {
    this.leave();
    this.found = undefined;
    this.error = undefined;
  }

  private take(asked: T, mine: number): void {
    this.asked = asked;
    if (WAITING.has(asked.state)) this.follow(asked.id, mine);
    else if (asked.failure !== null) this.error = new Error(asked.failure);
    else if (asked.state === "ready") this.found = asked;
  }

  private follow(id: string, mine: number): void {
    this.timer = setTimeout(() => {
      void this.look(id).then(
        (asked) => { if (mine === this.latest) this.take(asked, mine); },
        (raised: unknown) => {
          if (mine !== this.latest) return;
          // A server that does not answer may do so in a moment; one that says no has forgotten.
          if (raised instanceof ApiError) { this.asked = undefined; this.error = raised; }
          else this.follow(id, mine);
        },
      );
    }, ASK_EVERY_MS);
  }
}
