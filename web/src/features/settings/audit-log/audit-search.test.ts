import { expect, test } from "vitest";
import { actorOf, readAuditSearch } from "./audit-search";

test("an address names one person, a kind of actor, or nobody", () => {
  expect(actorOf("person:3")).toEqual({ actorType: "person", actorId: "3" });
  expect(actorOf("cli")).toEqual({ actorType: "cli" });
  for (const nobody of [undefined, "", "robot", ":3"]) expect(actorOf(nobody)).toBeUndefined();
});

test("what an address holds beside the filter is left out", () => {
  expect(readAuditSearch({ action: "token.created", actor: "person:3", x: 1 })).toEqual({ action: "token.created", actor: "person:3" });
  expect(readAuditSearch({ action: 5, actor: "robot" })).toEqual({});
});
