interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

const SLOW = new Set(["slow-2g", "2g", "3g"]);

/** Whether the network has room for what is only beautiful; a browser that does not say has. */
export function isRoomy(connection: Connection | undefined = (navigator as { connection?: Connection }).connection): boolean {
  return !connection?.saveData && !SLOW.has(connection?.effectiveType ?? "4g");
}
