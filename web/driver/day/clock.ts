/** Over less, the network's own hurry would be taken for the day's. */
const SPEED_GAP_MS = 3_000;

/** The platform's time as this phone can tell it: the phone's own, or a simulated day's that runs at its own speed. */
export class DayClock {
  private told: { server: number; phone: number; speed: number } | undefined;

  constructor(private readonly phone: () => number) {}

  /** Takes the server's "now"; two of them tell how fast a simulated day runs. */
  hear(server_now: string, isSimulated: boolean): void {
    if (!isSimulated) {
      this.told = undefined;
      return;
    }
    const [server, phone] = [Date.parse(server_now), this.phone()];
    const last = this.told;
    const passed = last ? phone - last.phone : 0;
    const speed = last && passed >= SPEED_GAP_MS ? Math.max(0, (server - last.server) / passed) : (last?.speed ?? 1);
    this.told = { server, phone, speed };
  }

  now(): number {
    return this.at(this.phone());
  }

  /** The platform's time at a moment of the phone's. */
  at(phone: number): number {
    return this.told ? this.told.server + (phone - this.told.phone) * this.told.speed : phone;
  }
}
