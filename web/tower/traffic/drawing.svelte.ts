import type { LonLat } from "$shared/map/marks";
import { ApiError } from "$shared/api/problem";
import { traffic, type Streets } from "../data/traffic";

/** A line being drawn click by click, and the streets the server finds under it. */
export class Drawing {
  line = $state.raw<LonLat[]>([]);
  isBothWays = $state(true);
  streets = $state.raw<Streets>();
  isNowhere = $state(false);
  private latest = 0;

  /** Adds a corner; one on no street is not kept. */
  async add(position: LonLat): Promise<void> {
    const before = this.line;
    this.line = [...before, position];
    await this.find(before);
  }

  async setBothWays(isBothWays: boolean): Promise<void> {
    this.isBothWays = isBothWays;
    if (this.line.length > 0) await this.find(this.line);
  }

  /** Takes the last click back. */
  async dropLast(): Promise<void> {
    const before = this.line;
    if (before.length < 2) return this.clear();
    this.line = before.slice(0, -1);
    await this.find(before);
  }

  clear(): void {
    this.latest += 1;
    this.line = [];
    this.streets = undefined;
    this.isNowhere = false;
  }

  /** Asks for the streets; of several questions under way only the last one counts. */
  private async find(before: LonLat[]): Promise<void> {
    const mine = ++this.latest;
    this.isNowhere = false;
    try {
      const found = await traffic.streets(this.line, this.isBothWays);
      if (mine === this.latest) this.streets = found;
    } catch (error) {
      if (mine !== this.latest) return;
      this.line = before;
      this.isNowhere = error instanceof ApiError;
      if (!this.isNowhere) throw error;
    }
  }
}
