import { server } from "../data/server";
import type { Act } from "./act.svelte";

/** A fresh link to the recipient's page: the secrets of those that were sent are kept by nobody. */
export async function customerLink(orderId: string): Promise<string> {
  return new URL((await server.trackingLink(orderId)).url, location.href).href;
}

export async function openCustomerPage(act: Act, orderId: string): Promise<void> {
  // The window opens with the press itself: a browser blocks one opened later.
  const page = window.open("about:blank", "_blank");
  const isDone = await act.run(async () => {
    const url = await customerLink(orderId);
    if (page) page.location.href = url;
  });
  if (!isDone) page?.close();
}
