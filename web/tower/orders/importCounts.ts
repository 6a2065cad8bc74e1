import type { ImportView } from "../data/orderViews";

export interface RowCounts {
  all: number;
  accepted: number;
  doubtful: number;
  rejected: number;
}

/** Rows by how they were judged. The server's accepted rows are all that are kept, doubtful ones among them. */
export function countRows(view: Pick<ImportView, "accepted" | "doubtful" | "rejected"> | undefined): RowCounts {
  const kept = view?.accepted ?? 0;
  const doubtful = view?.doubtful ?? 0;
  const rejected = new Set(view?.rejected.map((fault) => fault.row)).size;
  return { all: kept + rejected, accepted: kept - doubtful, doubtful, rejected };
}
