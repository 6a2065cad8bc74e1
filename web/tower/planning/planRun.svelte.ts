import type { PlanBalance, PlanSummary, PlanView } from "../data/fleetViews";
import { planning } from "../data/planning";

const ASK_EVERY_MS = 700;
const WORKING = new Set(["queued", "running"]);
const FAILED = new Set(["failed"]);

/** The plan of one day: the last one made, or the one being made. */
export class PlanRun {
  summary = $state.raw<PlanSummary>();
  plan = $state.raw<PlanView>();
  /** Whether it is known yet if the day has a plan. */
  isKnown = $state(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private date = "";

  get isRunning(): boolean {
    return this.summary !== undefined && WORKING.has(this.summary.state);
  }

  get hasFailed(): boolean {
    return this.summary !== undefined && FAILED.has(this.summary.state);
  }

  get isReady(): boolean {
    return this.plan !== undefined && !this.isRunning && !this.hasFailed;
  }

  /** A published plan is history: its routes are already on the phones. */
  get isPublished(): boolean {
    return this.summary?.state === "published";
  }

  get progress(): number {
    return this.summary?.progress ?? 0;
  }

  get failure(): string {
    return this.summary?.failure ?? "";
  }

  /** Shows the last plan of a day, if there is one. */
  open(date: string): void {
    this.leave();
    this.date = date;
    this.summary = undefined;
    this.plan = undefined;
    this.isKnown = false;
    void this.findLast(date);
  }

  leave(): void {
    clearTimeout(this.timer);
  }

  async start(date: string, balance: PlanBalance = "none"): Promise<void> {
    this.leave();
    this.date = date;
    this.summary = await planning.startPlan(date, balance);
    this.follow(this.summary.id);
  }

  async publish(): Promise<void> {
    if (this.summary) await planning.publish(this.summary.id);
  }

  /** Reads the plan shown once more: its routes are what they were, who waits may not be. */
  async refresh(): Promise<void> {
    const id = this.summary?.id;
    if (!id || this.isRunning) return;
    const plan = await planning.plan(id).catch(() => undefined);
    if (plan && this.summary?.id === id && !this.isRunning) this.take(plan);
  }

  private async findLast(date: string): Promise<void> {
    const plans = await planning.plans(date).catch(() => []);
    const last = plans.at(0);
    const plan = last && (await planning.plan(last.id).catch(() => undefined));
    if (date !== this.date) return;
    this.isKnown = true;
    if (!last || !plan) return;
    this.take(plan);
    if (this.isRunning) this.follow(last.id);
  }

  private take(plan: PlanView): void {
    this.plan = plan;
    this.summary = plan.summary;
  }

  private follow(id: string): void {
    this.timer = setTimeout(() => {
      void planning.plan(id).then(
        (plan) => {
          if (plan.summary.date !== this.date) return;
          this.take(plan);
          if (this.isRunning) this.follow(id);
        },
        () => this.follow(id),
      );
    }, ASK_EVERY_MS);
  }
}
