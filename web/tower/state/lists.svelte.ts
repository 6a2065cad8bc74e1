import { admin } from "../data/admin";
import type { Merchant } from "../data/fleetViews";
import { Resource } from "./resource.svelte";

/** Merchants, read once for every filter and form that names one. */
class MerchantList {
  readonly resource = new Resource<Merchant[]>();

  get all(): Merchant[] {
    return this.resource.value ?? [];
  }

  load(): void {
    if (!this.resource.value) void this.resource.load(() => admin.merchants());
  }
}

export const merchants = new MerchantList();
