import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { Matching, RowsPage, Which } from "../contract";
import { sentMatching } from "./sent";

/** How many records one request may enroll. */
export const MOST_ENROLLED = 10_000;
const PAGE = 100;
/** From how many records the examples of an estimate are taken. */
const EXAMPLES = 1000;

/** Some of the chosen records, from whose texts a cost is estimated. */
export const examplesQuery = (objectType: string, which: Which) =>
  queryOptions({
    queryKey: ["records", objectType, "examples", which],
    queryFn: async () => ("recordIds" in which ? which.recordIds.slice(0, EXAMPLES) : (await page(objectType, which.matching)).results.map((row) => row.id)),
  });

/** The ids of the chosen records; of all that match, the first 10,000. */
export async function idsOf(objectType: string, which: Which): Promise<string[]> {
  if ("recordIds" in which) return which.recordIds.slice(0, MOST_ENROLLED);
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const read = await page(objectType, which.matching, after);
    ids.push(...read.results.map((row) => row.id));
    after = read.paging?.next?.after;
  } while (after !== undefined && ids.length < MOST_ENROLLED);
  return ids.slice(0, MOST_ENROLLED);
}

function page(objectType: string, matching: Matching, after?: string): Promise<RowsPage> {
  return call(
    api.POST("/penstock/v1/records/{objectType}/query", {
      params: { path: { objectType } },
      body: { ...sentMatching(matching), sort: null, properties: ["hs_object_id"], limit: PAGE, ...(after ? { after } : {}) },
    }),
  );
}
