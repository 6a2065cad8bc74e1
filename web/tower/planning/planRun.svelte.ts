import type { PlanView } from "../data/fleetViews";
import { planning } from "../data/planning";

const ASK_EVERY_MS = 700;
const WORKING = new Set(["queued", "pending", "running", "started", "draft"]);
const FAILED = new Set(["failed", "error"]);

/** The plan of one day: the last one made, or the one being made. */
export class PlanRun {
  plan = $state.raw<PlanView>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private date = "";

  get isRunning(): boolean {
    return this.plan !== undefined && WORKING.has(this.plan.state);
  }

  get hasFailed(): boolean {
    return this.plan !== undefined && FAILED.has(this.plan.state);
  }

  get isReady(): boolean {
    return this.plan !== undefined && !this.isRunning && !this.hasFailed;
  }

  get progress(): number {
    const progress = this.plan?.progress ?? 0;
    return progress > 1 ? progress / 100 : progress;
  }

  get failure(): string {
    return notesOf(this.plan).join(" ");
  }

  /** Shows the last plan of a day, if there is one. */
  open(date: string): void {
    this.leave();
    this.date = date;
    this.plan = undefined;
    void this.findLast(date);
  }

  leave(): void {
    clearTimeout(this.timer);
  }

  async start(date: string): Promise<void> {
    this.leave();
    this.date = date;
    this.plan = await planning.startPlan(date);
    this.follow(this.plan.id);
  }

  async publish(): Promise<void> {
    if (this.plan) await planning.publish(this.plan.id);
  }

  private async findLast(date: string): Promise<void> {
    const plans = await planning.plans(date).catch(() => []);
    const last = plans.at(0);
    if (!last || date !== this.date) return;
    this.plan = await planning.plan(last.id);
    if (this.isRunning) this.follow(last.id);
  }

  private follow(id: string): void {
    this.timer = setTimeout(() => {
      void planning.plan(id).then(
        (plan) => {
          if (plan.date !== this.date) return;
          this.plan = plan;
          if (this.isRunning) this.follow(id);
        },
        () => this.follow(id),
      );
    }, ASK_EVERY_MS);
  }
}

/** What the plan has to say besides its routes. */
export function notesOf(plan: PlanView | undefined): string[] {
  const notes = plan?.notes;
  if (!notes) return [];
  return typeof notes === "string" ? [notes] : notes;
}
