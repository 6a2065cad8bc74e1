/** The operation's clock: the server's instant, carried forward at its speed between two answers. */
const TICK_MS = 1_000;
const FAST_TICK_MS = 250;

class OperationClock {
  now_ms = $state(Date.now());
  speed = $state(1);
  isSimulated = $state(false);
  private base_ms = Date.now();
  private read_at_ms = performance.now();
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Takes the server's word for what time it is. */
  set(now: string, speed: number = this.speed, is_simulated: boolean = this.isSimulated): void {
    this.base_ms = Date.parse(now);
    this.read_at_ms = performance.now();
    this.isSimulated = is_simulated;
    if (speed !== this.speed || !this.timer) this.restart(speed);
    this.tick();
  }

  /** Goes on from now at another speed. */
  runAt(speed: number): void {
    if (speed === this.speed) return;
    this.tick();
    this.base_ms = this.now_ms;
    this.read_at_ms = performance.now();
    this.restart(speed);
  }

  private restart(speed: number): void {
    this.speed = speed;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), speed > 1 ? FAST_TICK_MS : TICK_MS);
  }

  private tick(): void {
    this.now_ms = this.base_ms + (performance.now() - this.read_at_ms) * this.speed;
  }
}

export const clock = new OperationClock();
