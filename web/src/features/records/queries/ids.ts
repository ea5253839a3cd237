import { api, call } from "@/api/client";
import type { RowsPage, Which } from "../contract";
import { sentMatching } from "./sent";

/** How many records one request may enroll. */
export const MOST_ENROLLED = 10_000;
const PAGE = 100;

/** The ids of the chosen records; of all that match, the first 10,000. */
export async function idsOf(objectType: string, which: Which): Promise<string[]> {
  if ("recordIds" in which) return which.recordIds.slice(0, MOST_ENROLLED);
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page: RowsPage = await call(
      api.POST("/penstock/v1/records/{objectType}/query", {
        params: { path: { objectType } },
        body: { ...sentMatching(which.matching), sort: null, properties: ["hs_object_id"], limit: PAGE, ...(after ? { after } : {}) },
      }),
    );
    ids.push(...page.results.map((row) => row.id));
    after = page.paging?.next?.after;
  } while (after !== undefined && ids.length < MOST_ENROLLED);
  return ids.slice(0, MOST_ENROLLED);
}
