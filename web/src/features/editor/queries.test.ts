import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "@/api/client";
import { editorKeys, openedQuery, startOpening } from "./queries";

afterEach(() => vi.restoreAllMocks());

test("what an earlier visit left of a workflow is asked for anew, and what the open editor works on is left alone", async () => {
  const answer = { data: { results: [] }, response: Response.json({}) };
  const get = vi.spyOn(api, "GET");
  get.mockResolvedValue(answer as never);
  const asked = () => get.mock.calls.filter((call) => String(call[0]).endsWith("/editor")).length;
  const client = new QueryClient();
  const key = editorKeys.opened("7");

  client.setQueryData(key, "of an earlier visit");
  startOpening(client, "7");
  expect(client.getQueryData(key)).toBeUndefined();
  await vi.waitFor(() => expect(client.getQueryData(key)).toBeDefined());
  expect(asked()).toBe(1);

  const close = new QueryObserver(client, openedQuery("7")).subscribe(() => {});
  const shown = client.getQueryData(key);
  startOpening(client, "7");
  expect(client.getQueryData(key)).toBe(shown);
  expect(asked()).toBe(1);
  close();
});
