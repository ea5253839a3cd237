import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, test, vi } from "vitest";
import type { JsonObject } from "@/api/json";

/** The server of these tests; the API client keeps the `fetch` that it finds when it is loaded. */
vi.hoisted(() => {
  const property = (name: string, label: string, type: string, options: string[] = []) => ({
    name, label, type, fieldType: type === "enumeration" ? "select" : "text", groupName: "ticket", hidden: false, archived: false, modificationMetadata: { readOnlyValue: false },
    options: options.map((value) => ({ value, label: value.toUpperCase(), hidden: false })),
  });
  const properties = [property("subject", "Ticket name", "string"), property("urgency", "Urgency", "enumeration", ["high", "low"]), property("lost", "Amount lost", "number")];
  const model = {
    id: "gpt-5-mini", label: "GPT-5 mini", contextTokens: 400_000, maxOutputTokens: 128_000, temperature: null, temperatureNote: "This model always reasons, and OpenAI refuses a temperature then.",
    temperatureNeedsReasoningOff: true, efforts: ["low", "medium", "high"], effortNote: "", reasonsByDefault: true, structured: true, structuredNote: "", search: true, searchNote: "", structuredSearch: true, retiresAt: null, inputUsdPerMtok: 0.25, outputUsdPerMtok: 2, known: true,
  };
  const answers: [RegExp, unknown][] = [
    [/\/session$/, { signedIn: true, permissions: ["connections.manage", "connections.read", "users.read", "runs.operate"] }],
    [/\/groups$/, { results: [{ name: "ticket", label: "Ticket", displayOrder: 0 }] }],
    [/\/properties\/0-5$/, { results: properties }],
    [/\/schemas\/0-5$/, { objectTypeId: "0-5", primaryDisplayProperty: "subject", searchableProperties: ["subject"], properties, labels: {} }],
    [/\/models$/, { results: [model] }],
    [/\/connections$/, { results: [{ id: "1", name: "OpenAI", provider: "openai", status: "connected", statusDetail: "", flows: [] }] }],
    [/\/query$/, { results: [{ id: "11", properties: { subject: "Charged twice" } }] }],
    [/\/flow-previews$/, { texts: [], inputTokens: 212, costUsd: "0.00031", note: null, missing: [] }],
    [/\/step-tests$/, { status: "FAILED", steps: [], seconds: 0.4, costUsd: null, error: { code: "X", message: "OpenAI has no money left.", remedy: "Add credit, then retry." } }],
    [/\/batch\/read$/, { results: [{ id: "11", properties: { subject: "Charged twice" } }] }],
  ];
  globalThis.fetch = async (input: RequestInfo | URL) => {
    const url = input instanceof Request ? input.url : String(input);
    const body = answers.find(([path]) => path.test(url))?.[1];
    return new Response(JSON.stringify(body ?? { message: `nothing at ${url}` }), { status: body ? 200 : 404, headers: { "content-type": "application/json" } });
  };
  const Plain = globalThis.Request;
  globalThis.Request = class extends Plain {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://penstock.test") : input, init);
    }
  } as typeof Request;
  // What CodeMirror measures with and jsdom lacks.
  Range.prototype.getClientRects = () => Object.assign([], { item: () => null }) as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => new DOMRect();
});

const { startWords } = await import("@/i18n");
const { createQueryClient } = await import("@/api/query-client");
const { createEditorStore } = await import("../../store/store");
const { EditorProvider } = await import("../../store/context");
const { StepInputs } = await import("./StepForm");
type ActionType = import("../../model/types").ActionType;
type FlowDocument = import("../../model/types").FlowDocument;
type FlowProblem = import("../../model/types").FlowProblem;

beforeAll(startWords);

const value: JsonObject = { oneOf: [], control: "value" };
const CATALOG: ActionType[] = [
  { actionTypeId: "1-1000", nodeType: "SINGLE_CONNECTION", name: "use_custom_llm", title: "Use a custom LLM", section: "AI", description: "", effect: "LLM", fields: {} },
  {
    actionTypeId: "0-5", nodeType: "SINGLE_CONNECTION", name: "edit_record", title: "Edit record", section: "CRM", description: "", effect: "LOCAL",
    fields: { properties: { property_name: { type: "string", title: "Property", control: "property" }, value: { ...value, of: "property_name", title: "New value" } } },
  },
  { actionTypeId: null, nodeType: "STATIC_BRANCH", name: "value_equals_branch", title: "Value equals branch", section: "Branch", description: "", effect: "BRANCH", fields: { properties: { inputValue: { ...value, title: "Value", modes: ["OBJECT_PROPERTY", "FIELD_DATA"] }, staticBranches: { type: "array" } } } },
];

const LLM = { type: "SINGLE_CONNECTION", actionId: "1", actionTypeId: "1-1000", fields: { connection_id: "1", model: "gpt-5-mini", prompt: "Sort {{ enrolled_object.subject }}", temperature: "0.2", output: { type: "fields", fields: [{ name: "urgency", type: "choice", label: "Urgency", options: [{ value: "high", label: "High" }, { value: "low", label: "Low" }] }] } } };

function open(actions: object[], actionId: string, problems: FlowProblem[] = []) {
  const document = { type: "PLATFORM_FLOW", objectTypeId: "0-5", startActionId: "1", actions } as FlowDocument;
  const store = createEditorStore({ flowId: "1", document, version: 1, readOnly: false, problems, outputs: {} });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <EditorProvider store={store}>
          <StepInputs actionId={actionId} catalog={CATALOG} />
        </EditorProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { store, user: userEvent.setup() };
}

/** The newest record and its type are read one after the other. */
const PATIENT = { timeout: 8_000 };

const action = (store: ReturnType<typeof open>["store"], actionId: string) => store.getState().document.actions?.find((one) => one.actionId === actionId);

test("a setting that the chosen model refuses is greyed with the provider's reason, and the folded line names what is set", async () => {
  const { user } = open([LLM], "1");
  const fold = await screen.findByRole("button", { name: /Advanced options/ });
  expect(fold.textContent).toContain("Temperature 0.2");
  await user.click(fold);
  expect(await screen.findByText(/This model always reasons, and OpenAI refuses a temperature then\. It is not sent\./)).toBeTruthy();
  expect(screen.queryByRole("radio", { name: "None" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Use model default" }));
  await waitFor(() => expect(fold.textContent).not.toContain("Temperature"));
}, 20_000);

test("a problem stands beside its field, and a wish to go there focuses the field", async () => {
  const problem: FlowProblem = { path: "actions[0].fields.model", code: "MODEL_MISSING", message: "No model is chosen.", severity: "error" };
  const { store } = open([LLM], "1", [problem]);
  const model = await screen.findByRole("combobox", { name: "AI model" });
  expect(screen.getByText("No model is chosen.")).toBeTruthy();
  expect(model.getAttribute("aria-invalid")).toBe("true");
  act(() => store.getState().select({ kind: "step", actionId: "1" }, "model"));
  await waitFor(() => expect(document.activeElement).toBe(model));
}, 20_000);

test("a new step speaks of a field once it was left, and of one that is written in when it is left again", async () => {
  const { store, user } = open([{ ...LLM, fields: { ...LLM.fields, connection_id: "", model: "" } }], "1");
  const check = (...fields: string[]) =>
    act(() => {
      const problems = fields.map((field) => ({ path: `actions[0].fields.${field}`, code: "MISSING", message: `No ${field}.`, severity: "error" as const }));
      store.getState().noteSaved(store.getState().document, 2, { problems, outputs: {} });
    });
  act(() => store.getState().edit((document) => ({ ...document }), { select: { kind: "step", actionId: "1" }, fresh: "1" }));
  check("connection_id", "model");
  const provider = await screen.findByRole("combobox", { name: "AI provider" });
  expect(screen.queryByText("No connection_id.")).toBeNull();
  await user.click(provider);
  await user.keyboard("{Escape}");
  expect(screen.queryByText("No connection_id.")).toBeNull();
  await user.click(screen.getByRole("button", { name: /Advanced options/ }));
  expect(screen.getByText("No connection_id.")).toBeTruthy();
  expect(screen.queryByText("No model.")).toBeNull();
  act(() => store.getState().endFresh());
  expect(screen.getByText("No model.")).toBeTruthy();

  act(() => screen.getByRole("combobox", { name: "AI provider" }).focus());
  act(() => store.getState().setFields("1", { ...LLM.fields, connection_id: "x" }));
  expect(screen.queryByText("No connection_id.")).toBeNull();
  check("connection_id", "model");
  expect(screen.queryByText("No connection_id.")).toBeNull();
  act(() => screen.getByRole("combobox", { name: "AI model" }).focus());
  expect(screen.getByText("No connection_id.")).toBeTruthy();
}, 20_000);

test("other models are added, put in another order and removed, and the causes are asked for once there is one", async () => {
  const { store, user } = open([LLM], "1");
  const fields = () => action(store, "1")?.fields;
  await user.click(await screen.findByRole("button", { name: "If the call fails" }));
  expect(screen.queryByRole("group", { name: "Ask the next model when" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Add another model" }));
  await user.click(screen.getByRole("button", { name: "Add another model" }));
  const second = screen.getByRole("listitem", { name: "Other model 2" });
  await waitFor(() => expect(document.activeElement).toBe(within(second).getByRole("combobox", { name: "AI model" })), PATIENT);
  await user.click(within(second).getByRole("combobox", { name: "AI model" }));
  await user.click(await screen.findByRole("option", { name: /GPT-5 mini/ }, PATIENT));
  await user.click(screen.getByRole("button", { name: "Move other model 2 up" }));
  expect(fields()?.fallbacks).toEqual([
    { connection_id: "1", model: "gpt-5-mini" },
    { connection_id: "1", model: "" },
  ]);
  await user.click(screen.getByRole("checkbox", { name: "it refuses: too many requests" }));
  expect(fields()?.fallback_on).not.toContain("rate_limited");
  expect(fields()?.fallback_on).toContain("overloaded");
  await user.click(screen.getByRole("button", { name: "Remove other model 2" }));
  await user.click(screen.getByRole("button", { name: "Remove other model 1" }));
  expect(fields()).not.toHaveProperty("fallbacks");
}, 30_000);

test("failed records get a path of their own and lose it again, and the folded line says so", async () => {
  const { store, user } = open([LLM], "1");
  const fold = await screen.findByRole("button", { name: "If the call fails" });
  await user.click(fold);
  await user.click(screen.getByRole("radio", { name: "Go on by a path of their own" }));
  expect(action(store, "1")?.fields?.error_path).toEqual({});
  expect(fold.textContent).toContain("Path for failed records");
  await user.click(screen.getByRole("radio", { name: "Stop and need attention" }));
  expect(action(store, "1")?.fields).toEqual(LLM.fields);
}, 20_000);

test("a test that fails says why and what to do, in plain words", async () => {
  const { user } = open([LLM], "1");
  const run = screen.getByRole("button", { name: "Test step" });
  await waitFor(() => expect(run).toHaveProperty("disabled", false), PATIENT);
  await user.click(run);
  expect((await screen.findByRole("alert", undefined, PATIENT)).textContent).toBe("OpenAI has no money left. Add credit, then retry.");
}, 20_000);

test("the options of an earlier answer are offered as paths, all at once", async () => {
  const branch = { type: "STATIC_BRANCH", actionId: "2", inputValue: { type: "FIELD_DATA", actionId: "1", dataKey: "urgency" }, staticBranches: [] };
  const { store, user } = open([{ ...LLM, connection: { edgeType: "STANDARD", nextActionId: "2" } }, branch], "2");
  await user.click(await screen.findByRole("button", { name: "Add a path for each of 2 values" }));
  expect(action(store, "2")?.staticBranches).toEqual([{ branchValue: "high" }, { branchValue: "low" }]);
  const first = screen.getByRole("listitem", { name: "Path 1: High" });
  expect(within(first).getByRole("combobox", { name: "Value of path 1" })).toHaveProperty("value", "High");
}, 20_000);

test("a value is chosen from the options of the property that it is for, and may come from elsewhere", async () => {
  const edit = { type: "SINGLE_CONNECTION", actionId: "1", actionTypeId: "0-5", fields: { property_name: "urgency", value: { type: "STATIC_VALUE", staticValue: "" } } };
  const { store, user } = open([edit], "1");
  await user.click(await screen.findByRole("combobox", { name: "New value" }));
  await user.click(await screen.findByRole("option", { name: "HIGH" }));
  expect(action(store, "1")?.fields?.value).toEqual({ type: "STATIC_VALUE", staticValue: "high" });
  await user.click(screen.getByRole("button", { name: "Where New value comes from" }));
  expect(screen.queryByRole("menuitem", { name: "Add to number" })).toBeNull();
  await user.click(await screen.findByRole("menuitem", { name: "Record property" }));
  await user.click(screen.getByRole("combobox", { name: "New value" }));
  await user.click(await screen.findByRole("option", { name: "Ticket name" }));
  expect(action(store, "1")?.fields?.value).toEqual({ type: "OBJECT_PROPERTY", propertyName: "subject" });
}, 20_000);

test("an action of another system is shown as it is kept", () => {
  open([{ type: "SINGLE_CONNECTION", actionId: "1", actionTypeId: "9-9", fields: { x: 1 } }], "1");
  expect(screen.getByLabelText("The action as it is kept").textContent).toContain('"x": 1');
});
