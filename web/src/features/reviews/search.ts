import type { Queue } from "./queries";

/** What the address of the queue holds: `?review=17&flow=3&state=DECIDED`. */
export interface ReviewsSearch {
  review?: string;
  flow?: string;
  state?: "DECIDED";
}

const idOf = (value: unknown): string | undefined => (/^[1-9]\d{0,18}$/.test(String(value)) ? String(value) : undefined);

export function readReviewsSearch(search: Record<string, unknown>): ReviewsSearch {
  const review = idOf(search.review);
  const flow = idOf(search.flow);
  return { ...(review ? { review } : {}), ...(flow ? { flow } : {}), ...(search.state === "DECIDED" ? { state: "DECIDED" as const } : {}) };
}

export function queueOf(search: ReviewsSearch): Queue {
  return search.state ?? "WAITING";
}
