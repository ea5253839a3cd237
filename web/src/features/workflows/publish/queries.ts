import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { Differences } from "../differences/types";
import { at, flowKeys } from "../queries";

export type PublicationPreview = Omit<components["schemas"]["PublicationPreview"], "differences"> & { differences: Differences };

/** What publishing would change, whom it would meet and what that costs; worked out anew whenever it is asked for. */
export const previewQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["flows", flowId, "publication-preview"],
    queryFn: async () => (await call(api.GET("/penstock/v1/flows/{flowId}/publication-preview", at(flowId)))) as PublicationPreview,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false, // what a person is reading stays as it is until they ask
  });

/** Whom an estimate is for: so many records like these, instead of all that meet the criteria now. */
export interface Estimated {
  revision?: "live" | undefined;
  records?: number;
  recordIds?: readonly string[];
  batch?: boolean;
}

/** What enrolling records would cost, worked out anew whenever it is asked for. */
export const estimateQuery = (flowId: string, whom: Estimated) =>
  queryOptions({
    queryKey: ["flows", flowId, "enrollment-estimate", whom],
    queryFn: () => call(api.POST("/penstock/v1/flows/{flowId}/enrollment-estimates", { ...at(flowId), body: whom as never })),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

interface Wish {
  version: number;
  enable: boolean | null;
  enrollExisting: boolean;
  /** Those through the batch API of the provider. */
  batch: boolean;
  /** Why it is published in spite of evals that refuse. */
  overrideReason?: string;
  /** The live revision that the draft is published over although it was not made from it. */
  over?: string | undefined;
}

/** Publishes the draft. */
export function usePublish(flowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ over, version, ...wish }: Wish) => {
      const seen = over === undefined ? version : await rebase(flowId, version, over);
      return call(api.POST("/penstock/v1/flows/{flowId}/publications", { ...at(flowId), body: { ...wish, version: seen } }));
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: flowKeys.all }),
  });
}

/** Says that the draft was compared with `revisionId`; returns the version that it has then. */
async function rebase(flowId: string, version: number, revisionId: string): Promise<number> {
  const { document } = await call(api.GET("/penstock/v1/flows/{flowId}/draft", at(flowId)));
  const saved = await call(api.PUT("/penstock/v1/flows/{flowId}/draft", { ...at(flowId), body: { version, document, baseRevisionId: revisionId } }));
  return Number(saved.version);
}
