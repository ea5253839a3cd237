/**
 * HubSpot's v4 flow JSON as the editor reads it. Only what the editor looks at is named; everything else, and every
 * action type that nobody here knows, stays in the document word for word.
 */
import { isObject, type Json, type JsonObject } from "@/api/json";

/** An edge to the next action. GOTO is drawn as a jump to a step that stands elsewhere. */
export interface Edge {
  edgeType?: "STANDARD" | "GOTO";
  nextActionId: string;
  [key: string]: unknown;
}

/** One path of a branching action. */
export interface Branch {
  branchName?: string | null;
  branchValue?: string;
  filterBranch?: JsonObject | null;
  connection?: Edge | null;
  [key: string]: unknown;
}

export interface FlowAction {
  type: string;
  actionId: string;
  actionTypeId?: string;
  actionTypeVersion?: number;
  fields?: JsonObject;
  connection?: Edge | null;
  listBranches?: Branch[];
  staticBranches?: Branch[];
  testBranches?: Branch[];
  defaultBranch?: Edge | null;
  defaultBranchName?: string | null;
  [key: string]: unknown;
}

export interface FlowDocument {
  type?: string;
  objectTypeId?: string;
  name?: string | null;
  isEnabled?: boolean;
  startActionId?: string | null;
  nextAvailableActionId?: string | null;
  actions?: FlowAction[];
  enrollmentCriteria?: JsonObject | null;
  customProperties?: Record<string, unknown>;
  [key: string]: unknown;
}

/** An entry of the palette, as `GET /automation/v4/action-types` lists it. `fields` is the JSON schema of its inputs. */
export interface ActionType {
  actionTypeId: string | null;
  /** null for *Go to action*, which adds an edge and no action. */
  nodeType: string | null;
  name: string;
  title: string;
  section: string;
  description: string;
  effect: string;
  fields: JsonObject | null;
}

/** What an action puts out: later steps read it as `action_outputs.action_output_<actionId>.<name>`. */
export interface OutputSpec {
  name: string;
  label: string;
  type: string;
  options: { value: string; label: string }[];
  /** The property of the enrolled record whose options a declared choice has. */
  optionsFrom?: string;
}

/** Something wrong at a JSON path of the document, such as `actions[2].fields.prompt`. */
export interface FlowProblem {
  path: string;
  code: string;
  message: string;
  severity: "error" | "warning";
}

export const BRANCH_KEYS = { LIST_BRANCH: "listBranches", STATIC_BRANCH: "staticBranches", AB_TEST_BRANCH: "testBranches" } as const;
export type BranchKey = (typeof BRANCH_KEYS)[keyof typeof BRANCH_KEYS];

/** The key under which a branching action lists its paths; undefined for all other actions. */
export function branchKey(action: FlowAction): BranchKey | undefined {
  const key = BRANCH_KEYS[action.type as keyof typeof BRANCH_KEYS];
  return key !== undefined && Array.isArray(action[key]) ? key : undefined;
}

/** The action type of *Use a custom LLM*. */
export const LLM = "1-1000";

/**
 * The path of records whose LLM step failed, `fields.error_path`; undefined for steps without one. HubSpot's own
 * actions have one exit, so its edge stands in the inputs: `fields.error_path.connection`.
 */
export function errorPathOf(action: FlowAction): JsonObject | undefined {
  if (action.type !== "SINGLE_CONNECTION" || action.actionTypeId !== LLM) return undefined;
  const path = action.fields?.error_path;
  return isObject(path) ? path : undefined;
}

/** Whether an action is drawn with a chain for each way on: a branch, or an LLM step with a path for failed records. */
export function hasPaths(action: FlowAction): boolean {
  return branchKey(action) !== undefined || errorPathOf(action) !== undefined;
}

/** The actions of a document; those that are no JSON objects with an id are left out (the checks name them). */
export function actionsOf(document: FlowDocument): FlowAction[] {
  return Array.isArray(document.actions) ? document.actions : [];
}

/** A document out of any JSON object: the one place where the editor believes what it was sent. */
export function asDocument(json: Json | undefined): FlowDocument {
  return isObject(json) ? (json as FlowDocument) : {};
}

export function asJson(document: FlowDocument): JsonObject {
  return document as JsonObject;
}

/** The catalogue's entry for an action; undefined for actions that Penstock keeps and does not run. */
export function typeOf(catalog: readonly ActionType[], action: FlowAction): ActionType | undefined {
  return action.type === "SINGLE_CONNECTION"
    ? catalog.find((type) => type.actionTypeId !== null && type.actionTypeId === action.actionTypeId)
    : catalog.find((type) => type.actionTypeId === null && type.nodeType === action.type);
}
