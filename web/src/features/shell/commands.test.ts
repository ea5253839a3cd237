import { beforeEach, expect, test } from "vitest";
import { WorkflowsIcon } from "@/design/icons";
import { type Command, matching, recentlyUsed, remember } from "./commands";

const command = (id: string, label: string, synonyms = ""): Command => ({ id, label, synonyms, icon: WorkflowsIcon });
const all = [command("connectedApps", "Connected apps", "Claude OpenAI keys"), command("contacts", "Contacts"), command("importContacts", "Import contacts")];

beforeEach(() => localStorage.clear());

test("every word typed has to be found, in the label or among the synonyms", () => {
  expect(matching(all, "cont imp").map((one) => one.id)).toEqual(["importContacts"]);
  expect(matching(all, "openai").map((one) => one.id)).toEqual(["connectedApps"]);
  expect(matching(all, "nothing")).toEqual([]);
});

test("a label that begins with what is typed comes before one that holds it", () => {
  expect(matching([...all].reverse(), "contacts").map((one) => one.id)).toEqual(["contacts", "importContacts"]);
});

test("what was used last stands first among the recent ones, each once", () => {
  for (const id of ["contacts", "connectedApps", "contacts"]) remember(command(id, id));
  expect(recentlyUsed(all).map((one) => one.id)).toEqual(["contacts", "connectedApps"]);
});

test("a record or workflow that was opened is not kept in the browser", () => {
  remember(command("record-17", "Ada Lovelace"));
  expect(JSON.stringify({ ...localStorage })).not.toContain("record-17");
});

test("a broken store is no reason to fail", () => {
  localStorage.setItem("penstock-recent-commands", "{not json");
  expect(recentlyUsed(all)).toEqual([]);
});
