import { demoServer, type DemoView, type VisitorLinks } from "../data/demo";
import { clock } from "./clock.svelte";
import { day } from "./day.svelte";

const ASK_EVERY_MS = 1_500;
const ASK_WHILE_AWAY_MS = 500;
const READY = 1;

/** The demo's switches; empty on a real platform. */
class Demo {
  view = $state.raw<DemoView>();
  links = $state.raw<VisitorLinks>();
  /** A server that was let fall: away until it answers and says what it found, then back. */
  fall = $state<"none" | "away" | "back">("none");
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Before the plan there is nothing to look at. */
  get isPreparing(): boolean {
    return this.view !== undefined && !this.view.has_plan;
  }

  /** The morning goes by quickly; the vans can be watched meanwhile. */
  get isCatchingUp(): boolean {
    return this.view !== undefined && this.view.has_plan && this.view.progress < READY;
  }

  /** Follows the preparation until the day runs at its own pace. */
  follow(): void {
    clearTimeout(this.timer);
    void demoServer.state().then((view) => this.take(view), () => undefined).then(() => {
      if (!this.view?.is_running) this.timer = setTimeout(() => this.follow(), ASK_EVERY_MS);
    });
  }

  leave(): void {
    clearTimeout(this.timer);
  }

  async run(speed: number): Promise<void> {
    this.take(await demoServer.setSpeed(speed));
  }

  /** Takes the wheel of a van, or asks for another link to the one that is being driven. */
  async visit(): Promise<VisitorLinks> {
    const links = await demoServer.visit();
    this.links = links;
    clock.runAt(links.speed);
    return links;
  }

  /** Lets the server fall and waits for what it finds when it is back. */
  async restart(): Promise<void> {
    const { falls } = await demoServer.restart();
    this.fall = "away";
    this.waitFor(falls + 1);
  }

  closeFall(): void {
    this.fall = "none";
  }

  private waitFor(falls: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void demoServer.state().catch(() => undefined).then((view) => {
        if (!view || view.falls < falls) return this.waitFor(falls);
        this.take(view);
        this.fall = "back";
        day.refresh();
      });
    }, ASK_WHILE_AWAY_MS);
  }

  private take(view: DemoView): void {
    const wasEarlier = this.isPreparing || this.isCatchingUp;
    this.view = view;
    if (!view.visited_route_id) this.links = undefined;
    clock.runAt(view.speed);
    if (wasEarlier) day.refresh();
  }
}

export const demo = new Demo();
