import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { recordKey } from "./record";

/** A record's passage through a workflow, as the record page shows it. */
export interface RecordRun {
  id: string;
  flowId: string;
  flowName: string;
  status: string;
  /** `manual:…`, `matching:…` or `change:…`. */
  cause: string;
  enrolledAt: string;
  wakeAt: string | null;
  errorMessage: string;
}

const MOST = 50;

/** The newest runs of a record. */
export const runsOfRecordQuery = (objectType: string, recordId: string) =>
  queryOptions({
    queryKey: [...recordKey(objectType, recordId), "runs"] as const,
    queryFn: async (): Promise<RecordRun[]> => {
      const { results } = await call(api.GET("/penstock/v1/enrollments", { params: { query: { recordId, limit: MOST } } }));
      return results.map((run) => {
        const error = run.error as { message?: unknown } | null;
        const { id, flowId, flowName, status, cause, enrolledAt, wakeAt } = run;
        return { id, flowId, flowName, status, cause, enrolledAt, wakeAt: wakeAt ?? null, errorMessage: typeof error?.message === "string" ? error.message : "" };
      });
    },
  });
