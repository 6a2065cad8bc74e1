import type { S } from "./views";

/** An order, its story and what is imported, by the names the screens use. */
export type OrderView = S["OrderView"];
export type OrderPage = S["OrderList"];
export type Placement = S["PlacementView"];
export type StoryView = S["StoryView"];
export type Fact = StoryView["facts"][number];
export type Evidence = S["EvidenceView"];
export type Custody = S["CustodyView"];
export type MessageView = S["MessageView"];
export type ImportView = S["ImportView"];
export type ImportBatch = S["ImportBatchView"];
export type ImportRow = S["PreviewRowView"];
export type AddressSuggestion = S["SuggestionView"];
export type Correction = S["CorrectionView"];
export type Located = S["LocatedView"];
export type AddressReview = S["ReviewView"];
export type ReviewQueue = S["ReviewList"];
export type YesBack = S["YesBackView"];
export type NewOrder = S["NewOrder"];
export type OrderPatch = Partial<S["OrderPatch"]> & { version: number };
export type OrderTerms = S["TermsView"];
export type ChangePreview = S["ChangeView"];
export type PromiseVersion = S["PromiseView"];
