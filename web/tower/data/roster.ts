import { buildUrl, request } from "$shared/api/client";
import type { S } from "./views";

export type RosterBoard = S["RosterBoardView"];
export type RosterDepot = S["RosterDepotView"];
export type RosterRow = S["RosterRowView"];
export type RosterCell = S["RosterCellView"];
export type RosterShift = S["RosterShiftView"];
export type ShiftNeed = S["ShiftNeedView"];
export type RosterProposal = S["RosterProposalView"];
export type RosterChange = S["RosterChangeView"];
export type CellBody = S["RosterCellBody"];
export type CellsPut = S["RosterCellsView"];
export type LabourRules = S["LabourRulesView"];
export type LabourVersion = S["LabourVersionView"];
export type LabourRule = S["LabourRuleView"];

const fromDay = (start: string | undefined): { start?: string } => (start === undefined ? {} : { start });

/** Rosters of two weeks, what is proposed for them, and the rules of working hours they are held against. */
export const roster = {
  /** From today without a start. */
  see: (start?: string) => request<RosterBoard>("get", "/v1/capacity/roster", { query: fromDay(start) }),
  /** With `frees_spare` it also gives up days that nothing needs. */
  propose: (start: string | undefined, frees_spare: boolean) => request<RosterProposal>("post", "/v1/capacity/roster/proposal", { body: { ...fromDay(start), frees_spare } }),
  /** Refused where the `expected` ones are otherwise by now. */
  put: (cells: CellBody[], expected: CellBody[] = []) => request<CellsPut>("put", "/v1/capacity/roster/cells", { body: { cells, expected } }),
  /** The week of a day, put on the next one. */
  copyWeek: (day: string) => request<CellsPut>("put", "/v1/capacity/roster/week", { body: { day } }),
  rules: () => request<LabourRules>("get", "/v1/capacity/labour-rules"),
  saveRules: (rows: LabourRule[], version: number) => request<LabourRules>("put", "/v1/capacity/labour-rules", { body: { rows, version } }),
  url: (kind: "csv" | "xlsx" | "pdf", start?: string) => buildUrl("/v1/exports/roster/{kind}", { kind }, fromDay(start)),
};
