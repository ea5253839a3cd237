import type { JsonObject } from "@/api/json";
import type { SortOrder as ColumnSort } from "@/ui/data-table/types";

/** Values by property name, as HubSpot has them: text, or null for none. */
export type Values = Record<string, string | null>;

export interface RecordRow {
  id: string;
  properties: Values;
  createdAt: string;
  updatedAt: string;
}

export interface Paging {
  next?: { after: string };
}

/** Which records: what saved views, counts, exports and bulk edits have in common. */
export interface Matching {
  filter: JsonObject | null;
  search: string;
}

export interface RecordSort {
  property: string;
  direction: ColumnSort["direction"];
}

export interface ViewColumn {
  property: string;
  width: number | null;
}

export interface SavedView extends Matching {
  id: string;
  name: string;
  sort: RecordSort | null;
  columns: ViewColumn[];
  shared: boolean;
  own: boolean;
  owner: { id: string; name: string } | null;
  version: number;
}

export interface Count {
  count: number;
  exact: boolean;
  estimate?: number | null;
}

export interface WorkflowSource {
  flowId: string;
  flowName: string | null;
  revisionId: string | null;
  actionId: string | null;
  stepTitle: string | null;
  stepNumber: number | null;
  runId: string | null;
  provider: string | null;
  model: string | null;
  connectionId: string | null;
  promptHash: string | null;
}

export interface Source {
  kind: "person" | "api_token" | "import" | "workflow" | "command_line" | "penstock" | "unknown";
  id: string;
  name: string;
  undoOf: { versionId: string } | null;
  bulkEditId: string | null;
  workflow: WorkflowSource | null;
}

export interface Version {
  id: string | null;
  property: string;
  label: string;
  value: string | null;
  previousValue: string | null;
  at: string;
  source: Source;
  current: boolean;
  undoable: boolean;
}

export interface ValueOrigin {
  property: string;
  versionId: string | null;
  at: string;
  source: Source;
}

export interface ValueChange {
  versionId: string | null;
  property: string;
  label: string;
  before: string | null;
  after: string | null;
}

export interface TimelineEvent {
  id: string;
  kind: "created" | "archived" | "restored" | "values" | "run_began" | "run_ended" | "mail" | "webhook" | "associated" | "dissociated";
  at: string;
  source: Source | null;
  values?: ValueChange[];
  moreValues?: number;
  run?: { id: string; flowId: string; flowName: string; status: string; errorMessage: string | null } | null;
  mail?: { id: string; subject: string; recipients: string[]; status: string } | null;
  webhook?: { id: string; method: string; host: string; status: string; responseStatus: number | null } | null;
  association?: { recordId: string; objectTypeId: string; name: string; label: string | null } | null;
}

export type TimelineKind = "values" | "runs" | "mails" | "webhooks" | "associations" | "record";

export interface AssociationLabel {
  category: string;
  typeId: number;
  label: string | null;
}

export interface AssociatedRecord {
  recordId: string;
  name: string;
  secondary: string | null;
  labels: AssociationLabel[];
}

export interface AssociationGroup {
  objectTypeId: string;
  singularLabel: string;
  pluralLabel: string;
  count: Count;
  results: AssociatedRecord[];
  labels: AssociationLabel[];
}

export interface BulkEdit {
  id: string;
  objectTypeId: string;
  kind: "edit" | "archive" | "restore";
  state: "WAITING" | "RUNNING" | "DONE" | "CANCELED" | "FAILED";
  expected: Count;
  done: number;
  changed: number;
  failed: number;
  problems: { recordId: string; message: string }[];
  message: string;
}

/** Some records by id, or all that match. */
export type Which = { recordIds: string[] } | { matching: Matching };
