import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { Json } from "@/api/json";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
/** Values of fields are any JSON, which the client's own types lose on the way. */
export type Review = Schemas["ReviewShape"];
export type ReviewDetail = Schemas["ReviewDetail"];
export type ReviewField = Schemas["ReviewFieldShape"];

/** Whether those are listed that wait, or those that were decided. */
export type Queue = "WAITING" | "DECIDED";

/** Every key begins with "reviews"; a decision makes all of them stale. */
const reviewsKey = ["reviews"] as const;

export function reviewsQuery(state: Queue, flowId: string | undefined) {
  return infiniteQueryOptions({
    queryKey: [...reviewsKey, "list", state, flowId ?? ""],
    queryFn: ({ pageParam }) =>
      call(api.GET("/penstock/v1/reviews", { params: { query: { state, limit: 50, ...(flowId ? { flowId } : {}), ...(pageParam ? { after: pageParam } : {}) } } })) as Promise<Schemas["ReviewPage"]>,
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
    refetchInterval: 10_000,
  });
}

export function reviewQuery(reviewId: string) {
  return queryOptions({
    queryKey: [...reviewsKey, "one", reviewId],
    queryFn: () => call(api.GET("/penstock/v1/reviews/{reviewId}", { params: { path: { reviewId } } })) as Promise<ReviewDetail>,
  });
}

export const reviewCountQuery = queryOptions({
  queryKey: [...reviewsKey, "count"],
  queryFn: () => call(api.GET("/penstock/v1/reviews/count")),
  refetchInterval: 30_000,
});

export interface Decision {
  review: ReviewDetail;
  verdict: "approve" | "reject";
  /** Values written instead of the model's. */
  values: Record<string, Json>;
  reason: string;
}

/** Decides one review as it is shown: of a record that changed, the changes were looked at. */
export function useDecide() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ review, verdict, values, reason }: Decision) => {
      const params = { path: { reviewId: review.id } };
      if (verdict === "reject") return call(api.POST("/penstock/v1/reviews/{reviewId}/rejection", { params, body: { reason } }));
      const seen = review.changed.length > 0 ? { recordVersion: review.recordVersion } : {};
      return call(api.POST("/penstock/v1/reviews/{reviewId}/approval", { params, body: { values: values as never, ...seen } }));
    },
    onSettled: () => void client.invalidateQueries({ queryKey: reviewsKey }),
  });
}

/** Decides those that are ticked, each by itself. */
export function useDecideMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verdict, ids }: { verdict: "approve" | "reject"; ids: string[] }) => call(api.POST("/penstock/v1/reviews/decisions", { body: { verdict, ids, reason: "" } })),
    onSettled: () => void client.invalidateQueries({ queryKey: reviewsKey }),
  });
}
