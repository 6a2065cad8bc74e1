import { describe, expect, it } from "vitest";
import { Resource } from "../../tower/state/resource.svelte";

/** A server that answers when told to, and counts how often it was asked. */
function slow(): { ask: () => Promise<number>; answer: (value: number) => Promise<void>; asked: () => number } {
  const open: ((value: number) => void)[] = [];
  let count = 0;
  return {
    ask: () => new Promise((done) => { count += 1; open.push(done); }),
    answer: async (value) => { open.shift()?.(value); await new Promise((done) => setTimeout(done)); },
    asked: () => count,
  };
}

describe("a resource that is renewed", () => {
  it("shows the answer under way though the next change came before it, then asks once more", async () => {
    const server = slow();
    const shown = new Resource<number>();
    void shown.load(server.ask);
    void shown.renew();
    void shown.renew();
    await server.answer(36);
    expect(shown.value).toBe(36);
    expect(server.asked()).toBe(2);
    await server.answer(29);
    expect(shown.value).toBe(29);
    expect(server.asked()).toBe(2);
    expect(shown.isLoading).toBe(false);
  });

  it("asks at once when nothing is under way", async () => {
    const server = slow();
    const shown = new Resource<number>();
    void shown.load(server.ask);
    await server.answer(1);
    void shown.renew();
    await server.answer(2);
    expect(shown.value).toBe(2);
  });
});
