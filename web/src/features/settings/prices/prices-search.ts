export interface PricesSearch {
  /** The dialog that is open: `new`, or provider and model as `openai/gpt-4.1`. */
  set?: string;
}

export function readPricesSearch(search: Record<string, unknown>): PricesSearch {
  const set = search.set;
  return typeof set === "string" && set !== "" && set.length <= 410 ? { set } : {};
}
