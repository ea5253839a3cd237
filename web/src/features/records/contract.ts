import type { JsonObject } from "@/api/json";
import type { components, paths } from "@/api/schema";
import type { SortOrder as ColumnSort } from "@/ui/data-table/types";

type Schemas = components["schemas"];

/** Values by property name, as HubSpot has them: text, or null for none. */
export type Values = Record<string, string | null>;

export type RecordRow = Schemas["RowShape"];
export type RowsPage = Schemas["RowPage"];

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

/** A saved view as the screens work with it: filter, order and columns in their own types. */
export interface SavedView extends Matching, Pick<Schemas["ViewShape"], "id" | "name" | "shared" | "own" | "owner" | "version"> {
  sort: RecordSort | null;
  columns: ViewColumn[];
}

export interface Count {
  count: number;
  exact: boolean;
  estimate?: number | null;
}

export type Source = Schemas["SourceShape"];
export type WorkflowSource = Schemas["StepSource"];
export type ValueOrigin = Schemas["OriginShape"];
export type Version = paths["/penstock/v1/records/{objectType}/{recordId}/history"]["get"]["responses"]["200"]["content"]["application/json"]["results"][number];

export type TimelineEvent = Schemas["EventShape"];
export type TimelineKind = "values" | "runs" | "mails" | "webhooks" | "associations" | "record";

export type AssociationGroup =
  paths["/penstock/v1/records/{objectType}/{recordId}/associations"]["get"]["responses"]["200"]["content"]["application/json"]["results"][number];
export type AssociatedRecord = AssociationGroup["results"][number];
export type AssociationLabel = AssociationGroup["labels"][number];

export type BulkEdit = Schemas["BulkEditShape"];

/** Some records by id, or all that match. */
export type Which = { recordIds: string[] } | { matching: Matching };
