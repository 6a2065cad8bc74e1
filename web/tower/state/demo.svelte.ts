import { demoServer, type DemoView } from "../data/demo";
import { clock } from "./clock.svelte";
import { day } from "./day.svelte";

const ASK_EVERY_MS = 1_500;
const READY = 1;

/** The demo's switches; empty on a real platform. */
class Demo {
  view = $state.raw<DemoView>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  get isPreparing(): boolean {
    return this.view !== undefined && this.view.progress < READY;
  }

  /** Follows the preparation until the day runs at its own pace. */
  follow(): void {
    clearTimeout(this.timer);
    void demoServer.state().then((view) => this.take(view), () => undefined).then(() => {
      if (!this.view || this.isPreparing) this.timer = setTimeout(() => this.follow(), ASK_EVERY_MS);
    });
  }

  leave(): void {
    clearTimeout(this.timer);
  }

  async run(speed: number): Promise<void> {
    this.take(await demoServer.setSpeed(speed));
  }

  take(view: DemoView): void {
    const wasPreparing = this.isPreparing;
    this.view = view;
    clock.runAt(view.speed);
    if (wasPreparing && !this.isPreparing) day.refresh();
  }
}

export const demo = new Demo();
