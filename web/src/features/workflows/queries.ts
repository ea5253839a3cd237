import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { JsonObject } from "@/api/json";
import type { components } from "@/api/schema";
import type { ListSearch } from "./list/search";

type Schemas = components["schemas"];
export type FlowRow = Schemas["FlowRow"];
export type Template = Schemas["TemplateShape"];
export type Problem = Schemas["ProblemShape"];
export type Matching = Schemas["MatchCountShape"];

const PAGE = 50;

/* Bodies with flow JSON are `as never`: the generated types do not take recursive JSON. */

/** Every key of this feature begins with "flows"; a change of one workflow makes all of them stale. */
export const flowKeys = {
  all: ["flows"] as const,
  overviews: ["flows", "overview"] as const,
  overview: (filter: ListSearch) => ["flows", "overview", filter.search ?? "", filter.state ?? "", filter.folder ?? null] as const,
};

/** The list of workflows, a page at a time; the rows of the last filter stay until those of the next are there. */
export function overviewQuery(filter: ListSearch) {
  return infiniteQueryOptions({
    queryKey: flowKeys.overview(filter),
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/penstock/v1/flows-overview", {
          params: {
            query: {
              limit: PAGE,
              ...(filter.search ? { search: filter.search } : {}),
              ...(filter.state ? { state: filter.state } : {}),
              ...(filter.folder === undefined ? {} : { folder: filter.folder }),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
    placeholderData: keepPreviousData,
  });
}

export const templatesQuery = queryOptions({
  queryKey: ["flow-templates"],
  queryFn: async () => (await call(api.GET("/penstock/v1/flow-templates"))).results,
  staleTime: Infinity, // they come with the server
});

/** What turning a workflow on would meet: the problems of its live document, and who would come in. */
export function turningOnQuery(flowId: string) {
  return queryOptions({
    queryKey: ["flows", flowId, "turning-on"],
    queryFn: async () => {
      const document = await call(api.GET("/automation/v4/flows/{flowId}", at(flowId)));
      const [checked, matches] = await Promise.all([
        call(api.POST("/penstock/v1/flow-checks", { body: { flow: document, moment: "turn on" } })),
        call(api.POST("/penstock/v1/flow-matches", { body: { document } })),
      ]);
      return { problems: checked.problems, matching: matches.matching, note: matches.note };
    },
    staleTime: 0,
    gcTime: 0,
  });
}

/** Turns a workflow on or off. */
export function useActivation() {
  return useFlowMutation(({ flowId, ...wish }: { flowId: string; enabled: boolean; enrollExisting?: boolean; batch?: boolean; overrideReason?: string }) =>
    call(api.PUT("/penstock/v1/flows/{flowId}/activation", { ...at(flowId), body: wish })),
  );
}

export function useCreateFlow() {
  return useFlowMutation((wish: { name: string; objectTypeId: string; template?: string; folder?: string; document?: JsonObject }) => call(api.POST("/penstock/v1/flows", { body: wish as never })));
}

export function useDuplicate() {
  return useFlowMutation(({ flowId, name }: { flowId: string; name: string }) => call(api.POST("/penstock/v1/flows/{flowId}/duplicates", { ...at(flowId), body: { name } })));
}

export function useDeleteFlow() {
  return useFlowMutation((flowId: string) => call(api.DELETE("/automation/v4/flows/{flowId}", at(flowId))));
}

/** Moves a workflow into a folder, on the spot; back again when the server refuses. */
export function useMove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ flowId, folder }: { flowId: string; folder: string }) => call(api.PUT("/penstock/v1/flows/{flowId}/folder", { ...at(flowId), body: { folder } })),
    onMutate: async ({ flowId, folder }) => {
      await client.cancelQueries({ queryKey: flowKeys.overviews });
      const before = client.getQueriesData({ queryKey: flowKeys.overviews });
      client.setQueriesData<Overviews>({ queryKey: flowKeys.overviews }, (found) =>
        found && { ...found, pages: found.pages.map((page) => ({ ...page, results: page.results.map((row) => (row.id === flowId ? { ...row, folder } : row)) })) },
      );
      return { before };
    },
    onError: (_error, _wish, context) => {
      for (const [key, data] of context?.before ?? []) client.setQueryData(key, data);
    },
    onSettled: () => client.invalidateQueries({ queryKey: flowKeys.all }),
  });
}

type Overviews = { pages: Schemas["FlowRows"][]; pageParams: unknown[] };

function useFlowMutation<Wish, Done>(send: (wish: Wish) => Promise<Done>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    // Not waited for: who asked hears of the success at once, before the row that they stand in changes or goes.
    onSuccess: () => void client.invalidateQueries({ queryKey: flowKeys.all }),
  });
}

export function at(flowId: string) {
  return { params: { path: { flowId } } };
}
