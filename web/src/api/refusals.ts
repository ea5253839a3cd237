import i18next from "i18next";
import type { ProblemDetail } from "./problem";

/* Codes that say all there is to say whatever raised them. Others, such as CONFLICT, stand for many sentences of the server. */
const wordsOf = (code: string): string | undefined =>
  i18next.exists(`refusals:${code}`) ? i18next.t(`refusals:${code}`) : undefined;

/**
 * What was refused, in the language of the screens. The server speaks English, with more detail than a code holds, so
 * its own words stay in English; in every other language the code speaks, and the server only where no code is known.
 */
export function inWords(code: string, said: string, details: readonly ProblemDetail[] = []): string {
  if (said !== "" && (i18next.language ?? "en") === "en") return said;
  const words = wordsOf(code);
  if (words !== undefined) return words;
  const each = details.map((detail) => wordsOf(detail.code));
  return each.length > 0 && !each.includes(undefined) ? [...new Set(each)].join(" ") : said;
}
