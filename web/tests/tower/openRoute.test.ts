import { expect, test } from "vitest";
import { openFirst } from "../../tower/routes/openRoute";
import { lane } from "./fixtures";

const calm = lane({ id: "calm", code: "R-01" });
const late = lane({ id: "late", code: "R-02", risk: "late" });

test("who chose no route sees the riskiest of the day", () => {
  expect(openFirst(undefined, "2026-10-05", [calm, late])).toEqual({ date: "2026-10-05", id: "late" });
});

test("the open route stays when another one becomes the riskiest", () => {
  const open = openFirst(undefined, "2026-10-05", [calm, late]);
  const now = [{ ...calm, risk: "late" }, { ...late, risk: "on_time" }];
  expect(openFirst(open, "2026-10-05", now)).toEqual(open);
});

test("another day opens its own, and so does a list that no longer has the route", () => {
  const open = { date: "2026-10-05", id: "gone" };
  expect(openFirst(open, "2026-10-06", [calm]).id).toBe("calm");
  expect(openFirst(open, "2026-10-05", [calm]).id).toBe("calm");
});
