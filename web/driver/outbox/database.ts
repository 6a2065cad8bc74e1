import type { PhoneFix } from "../data/views";
import type { Item, NewItem, OutboxStore } from "./items";

const NAME = "promesa-conductor";
const VERSION = 1;
const ITEMS = "items";
const FIXES = "fixes";
const KEPT = "kept";

function settled<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the phone could not keep it"));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("the phone could not keep it"));
  });
}

/** What the phone keeps across reloads: the outbox, positions not sent yet, and the last route seen. */
export class PhoneDatabase implements OutboxStore {
  private constructor(private readonly db: IDBDatabase) {}

  static async open(): Promise<PhoneDatabase> {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(ITEMS, { keyPath: "seq", autoIncrement: true });
      asked.result.createObjectStore(FIXES, { keyPath: "id" });
      asked.result.createObjectStore(KEPT);
    };
    return new PhoneDatabase(await settled(asked));
  }

  list(): Promise<Item[]> {
    return settled(this.read(ITEMS).getAll() as IDBRequest<Item[]>);
  }

  /** Resolves once the write is on disk: only then may the screen say that it is kept. */
  async add(item: NewItem): Promise<Item> {
    const transaction = this.db.transaction(ITEMS, "readwrite");
    const seq = await settled(transaction.objectStore(ITEMS).add(item));
    await done(transaction);
    return { ...item, seq: Number(seq) } as Item;
  }

  put(item: Item): Promise<void> {
    return this.write(ITEMS, (store) => store.put(item));
  }

  remove(seqs: number[]): Promise<void> {
    return this.write(ITEMS, (store) => seqs.forEach((seq) => store.delete(seq)));
  }

  addFix(fix: PhoneFix): Promise<void> {
    return this.write(FIXES, (store) => store.put(fix));
  }

  listFixes(limit: number): Promise<PhoneFix[]> {
    return settled(this.read(FIXES).getAll(undefined, limit) as IDBRequest<PhoneFix[]>);
  }

  removeFixes(ids: string[]): Promise<void> {
    return this.write(FIXES, (store) => ids.forEach((id) => store.delete(id)));
  }

  keep(name: string, value: unknown): Promise<void> {
    return this.write(KEPT, (store) => store.put(value, name));
  }

  recall<T>(name: string): Promise<T | undefined> {
    return settled(this.read(KEPT).get(name) as IDBRequest<T | undefined>);
  }

  /** Forgets whatever is kept under a name that begins so. */
  forgetAll(beginning: string): Promise<void> {
    return this.write(KEPT, (store) => store.delete(IDBKeyRange.bound(beginning, `${beginning}\uffff`)));
  }

  close(): void {
    this.db.close();
  }

  private read(name: string): IDBObjectStore {
    return this.db.transaction(name, "readonly").objectStore(name);
  }

  private async write(name: string, change: (store: IDBObjectStore) => unknown): Promise<void> {
    const transaction = this.db.transaction(name, "readwrite");
    change(transaction.objectStore(name));
    await done(transaction);
  }
}
