import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { type ObjectTypeName, recordName } from "@/api/object-types";
import { CompanyIcon, ContactIcon, CustomObjectIcon, DealIcon, TicketIcon, WorkflowsIcon } from "@/design/icons";
import type { Command } from "./commands";

const MOST_FOUND = 5; // of each kind; whoever wants more opens the list
const ICONS: Record<string, Command["icon"]> = { contacts: ContactIcon, companies: CompanyIcon, deals: DealIcon, tickets: TicketIcon };

/** Workflows whose name holds the words. */
export const foundWorkflowsQuery = (sought: string) =>
  queryOptions({
    queryKey: ["commands", "workflows", sought],
    queryFn: async (): Promise<Command[]> => {
      const { results } = await call(api.GET("/penstock/v1/flows-overview", { params: { query: { search: sought, limit: MOST_FOUND } } }));
      return results.map((flow) => ({ id: `flow-${flow.id}`, label: flow.name, icon: WorkflowsIcon, href: `/workflows/${flow.id}` }));
    },
    placeholderData: keepPreviousData,
  });

/** Records of any type that hold words beginning with those typed. */
export const foundRecordsQuery = (sought: string, types: readonly ObjectTypeName[]) =>
  queryOptions({
    queryKey: ["commands", "records", sought, types.map((type) => type.id)],
    queryFn: async (): Promise<Command[]> => (await Promise.all(types.map((type) => recordsOf(type, sought)))).flat(),
    placeholderData: keepPreviousData,
  });

async function recordsOf(type: ObjectTypeName, sought: string): Promise<Command[]> {
  const { results } = await call(
    api.POST("/penstock/v1/records/{objectType}/query", {
      params: { path: { objectType: type.name } },
      body: { search: sought, limit: MOST_FOUND, properties: [...type.nameProperties] },
    }),
  );
  return results.map((record) => ({
    id: `record-${record.id}`,
    label: recordName(type, record.properties) ?? record.id,
    description: type.singular,
    icon: ICONS[type.name] ?? CustomObjectIcon,
    href: `/records/${type.name}/${record.id}`,
  }));
}
