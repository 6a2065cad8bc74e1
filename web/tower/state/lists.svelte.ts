import { admin } from "../data/admin";
import type { Driver, Merchant } from "../data/fleetViews";
import { planning } from "../data/planning";
import { Resource } from "./resource.svelte";

/** A list read once, for every filter, form and card that names one of its items. */
class SharedList<T> {
  private readonly resource = new Resource<T[]>();

  constructor(private readonly ask: () => Promise<T[]>) {}

  get all(): T[] {
    return this.resource.value ?? [];
  }

  load(): void {
    if (!this.resource.value && !this.resource.isLoading) void this.resource.load(this.ask);
  }
}

export const merchants = new SharedList<Merchant>(admin.merchants);
export const drivers = new SharedList<Driver>(planning.drivers);
