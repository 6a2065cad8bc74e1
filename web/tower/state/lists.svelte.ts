import { admin } from "../data/admin";
import type { Driver, Merchant } from "../data/fleetViews";
import { planning } from "../data/planning";
import { Resource } from "./resource.svelte";

/** A list read once, for every filter, form and card that names one of its items. */
class SharedList<T> {
  private readonly resource = new Resource<T[]>();

  constructor(private readonly ask: () => Promise<T[]>) {}

  /** Every one, those that are archived too: what they did still has their name. */
  get all(): T[] {
    return this.resource.value ?? [];
  }

  /** Whether there is none, as far as the server was asked. */
  get isEmpty(): boolean {
    return this.resource.value?.length === 0;
  }

  /** After one of them changed. */
  reload(): void {
    void this.resource.load(this.ask);
  }

  load(): void {
    if (!this.resource.value && !this.resource.isLoading) void this.resource.load(this.ask);
  }
}

class Merchants extends SharedList<Merchant> {
  /** Those that may be given new work. */
  get active(): Merchant[] {
    return this.all.filter((item) => item.is_active);
  }
}

export const merchants = new Merchants(admin.merchants);
export const drivers = new SharedList<Driver>(planning.drivers);
