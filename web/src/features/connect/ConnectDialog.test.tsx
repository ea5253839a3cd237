import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";

/** The server of these tests; the API client keeps the `fetch` that it finds when it is loaded. */
const server = vi.hoisted(() => {
  const state = { permissions: ["connections.manage", "connections.read"], answer: { status: 201, body: {} as unknown }, sent: [] as unknown[] };
  globalThis.fetch = async (input: RequestInfo | URL) => {
    const request = input as Request;
    const reply = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
    if (request.url.endsWith("/session")) return reply({ signedIn: true, permissions: state.permissions });
    if (request.url.endsWith("/users")) return reply({ results: [{ id: "1", email: "anna@example.com", firstName: "Anna", lastName: "Berg", role: "owner", deactivatedAt: null }] });
    if (request.method === "POST") {
      state.sent.push(await request.json());
      return reply(state.answer.body, state.answer.status);
    }
    return reply({ results: [{ id: "1", name: "OpenAI", provider: "openai", flows: [] }] });
  };
  // Relative addresses have no base here.
  const Plain = globalThis.Request;
  globalThis.Request = class extends Plain {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://penstock.test") : input, init);
    }
  } as typeof Request;
  return state;
});

const { startWords } = await import("@/i18n");
const { createQueryClient } = await import("@/api/query-client");
const { ConnectDialog } = await import("./ConnectDialog");

beforeAll(startWords);
beforeEach(() => {
  server.permissions = ["connections.manage", "connections.read"];
  server.sent = [];
});

function open(provider?: string) {
  const onConnected = vi.fn();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <ConnectDialog provider={provider} onClose={() => undefined} onConnected={onConnected} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { onConnected, user: userEvent.setup() };
}

test("a provider is chosen, its key is checked, and the new connection is handed back", async () => {
  server.answer = { status: 201, body: { id: "9", name: "Anthropic", provider: "anthropic" } };
  const { user, onConnected } = open();
  await user.click(await screen.findByRole("button", { name: /Anthropic/ }));
  const where = screen.getByRole("link", { name: /Get a key from Anthropic/ });
  expect(where.getAttribute("href")).toBe("https://platform.claude.com/settings/keys");
  expect(document.activeElement).toBe(screen.getByLabelText("API key"));
  await user.keyboard(" sk-ant-1 ");
  await user.click(screen.getByRole("button", { name: "Check and connect" }));
  await waitFor(() => expect(onConnected).toHaveBeenCalled());
  expect(server.sent).toEqual([{ provider: "anthropic", name: "Anthropic", key: "sk-ant-1", baseUrl: null }]);
  expect(onConnected.mock.calls[0]?.[0]).toMatchObject({ id: "9" });
}, 20_000);

test("the provider's words stand beside the key, and the name that was typed stays", async () => {
  server.answer = { status: 400, body: { status: "error", message: "OpenAI refused the key: Incorrect API key provided.", category: "VALIDATION_ERROR", errors: [] } };
  const { user } = open("openai");
  const name = await screen.findByLabelText("Name");
  expect(await screen.findByDisplayValue("OpenAI 2")).toBe(name); // OpenAI is taken
  await user.clear(name);
  await user.type(name, "Support");
  const key = screen.getByLabelText("API key");
  await user.type(key, "sk-wrong");
  await user.keyboard("{Enter}");
  expect(await screen.findByText(/Incorrect API key provided/)).toBeTruthy();
  expect(key.getAttribute("aria-invalid")).toBe("true");
  expect(name).toHaveProperty("value", "Support");
  await user.type(key, "2");
  expect(screen.queryByText(/Incorrect API key provided/)).toBeNull();
}, 20_000);

test("a taken name is said at the name", async () => {
  server.answer = { status: 409, body: { status: "error", message: "There is a connection of that name.", category: "CONFLICT" } };
  const { user } = open("local");
  await user.click(await screen.findByRole("button", { name: "Check and connect" }));
  await waitFor(() => expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true"));
  expect(screen.queryByLabelText("API key")).toBeNull();
}, 20_000);

test("who may not connect is told whom to ask", async () => {
  server.permissions = ["users.read"];
  open("openai");
  expect(await screen.findByRole("link", { name: "Anna Berg" })).toBeTruthy();
  expect(screen.queryByLabelText("API key")).toBeNull();
});
