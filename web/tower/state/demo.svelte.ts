import { demoServer, type DemoView } from "../data/demo";
import { clock } from "./clock.svelte";
import { day } from "./day.svelte";

const ASK_EVERY_MS = 1_500;
const READY = 1;

/** The demo's switches; empty on a real platform. */
class Demo {
  view = $state.raw<DemoView>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Before the plan there is nothing to look at. */
  get isPreparing(): boolean {
    return this.view !== undefined && !this.view.has_driver;
  }

  /** The morning goes by quickly; the vans can be watched meanwhile. */
  get isCatchingUp(): boolean {
    return this.view !== undefined && this.view.has_driver && this.view.progress < READY;
  }

  /** Follows the preparation until the day runs at its own pace. */
  follow(): void {
    clearTimeout(this.timer);
    void demoServer.state().then((view) => this.take(view), () => undefined).then(() => {
      if (!this.view || this.isPreparing || this.isCatchingUp) this.timer = setTimeout(() => this.follow(), ASK_EVERY_MS);
    });
  }

  leave(): void {
    clearTimeout(this.timer);
  }

  async run(speed: number): Promise<void> {
    this.take(await demoServer.setSpeed(speed));
  }

  take(view: DemoView): void {
    const wasEarlier = this.isPreparing || this.isCatchingUp;
    this.view = view;
    clock.runAt(view.speed);
    if (wasEarlier) day.refresh();
  }
}

export const demo = new Demo();
