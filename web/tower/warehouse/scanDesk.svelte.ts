import { waitBefore } from "$shared/live/backoff";
import { OfflineError } from "$shared/api/problem";
import { warehouse, type Scan, type ScanAnswer } from "../data/warehouse";

export interface Scanned {
  scan: Scan;
  /** Undefined while the server has not answered. */
  answer: ScanAnswer | undefined;
  failure: unknown;
}

const SHOWN_MAX = 40;
const STORED_AS = "promesa.scans";
type Send = (scan: Scan) => Promise<ScanAnswer>;

/** Scans in the order they were read. Each keeps its id, so that sending it again changes nothing; what the network swallowed is sent later. */
export class ScanDesk {
  rows = $state.raw<Scanned[]>([]);
  isOffline = $state(false);
  private isSending = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly onanswer: (scanned: Scanned) => void,
    private readonly send: Send = warehouse.scan,
    private readonly store: Pick<Storage, "getItem" | "setItem"> | undefined = globalThis.localStorage,
  ) {
    this.rows = kept(this.store).map((scan) => ({ scan, answer: undefined, failure: undefined })).reverse();
  }

  get waiting(): number {
    return this.rows.filter(isWaiting).length;
  }

  /** Takes a reading; the same row answers when the server does. */
  take(scan: Scan): void {
    this.put({ scan, answer: undefined, failure: undefined });
    this.keep();
    void this.flush();
  }

  /** Answers a reading that is not sent: whoever read it must see and hear that it does not count. */
  refuse(scan: Scan, code: string): void {
    const refused = { scan, answer: { id: scan.id, status: "refused", code, detail: null, parcel: null }, failure: undefined };
    this.put(refused);
    this.onanswer(refused);
  }

  /** Sends what waits, the oldest first, one at a time. */
  async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    clearTimeout(this.timer);
    for (let next = this.oldest(); next; next = this.oldest()) {
      try {
        this.settle(next, { answer: await this.send(next.scan), failure: undefined });
      } catch (error) {
        if (error instanceof OfflineError) {
          this.isOffline = true;
          this.timer = setTimeout(() => void this.flush(), waitBefore((this.tries += 1)));
          break;
        }
        this.settle(next, { answer: undefined, failure: error });
      }
    }
    this.isSending = false;
  }

  leave(): void {
    clearTimeout(this.timer);
  }

  private put(row: Scanned): void {
    this.rows = [row, ...this.rows].filter((other, at) => at < SHOWN_MAX || isWaiting(other));
  }

  private oldest(): Scanned | undefined {
    return this.rows.findLast(isWaiting);
  }

  private settle(row: Scanned, came: Pick<Scanned, "answer" | "failure">): void {
    this.isOffline = false;
    this.tries = 0;
    const settled = { ...row, ...came };
    this.rows = this.rows.map((other) => (other.scan.id === row.scan.id ? settled : other));
    this.keep();
    this.onanswer(settled);
  }

  private keep(): void {
    this.store?.setItem(STORED_AS, JSON.stringify(this.rows.filter(isWaiting).map((row) => row.scan).reverse()));
  }
}

function isWaiting(row: Scanned): boolean {
  return row.answer === undefined && row.failure === undefined;
}

function kept(store: Pick<Storage, "getItem"> | undefined): Scan[] {
  try {
    return JSON.parse(store?.getItem(STORED_AS) ?? "[]") as Scan[];
  } catch {
    return [];
  }
}
