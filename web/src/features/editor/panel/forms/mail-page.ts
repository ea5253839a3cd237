import type { Segment } from "./previews";

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

/** What runs, loads or restyles; a preview needs none of it, and the page's own policy would refuse it anyway. */
const REFUSED = "script, style, link, meta, base, iframe, object, embed, form, svg, math, img, video, audio, source";

/**
 * The body of an e-mail for a frame without scripts: the author's HTML with the record's values in it, which come
 * escaped from the server, and missing ones marked.
 */
export function mailPage(segments: readonly Segment[], missing: (token: string) => string): string {
  const html = segments.map((segment) => (segment.missing ? `<mark>${escaped(missing(segment.token ?? ""))}</mark>` : segment.text)).join("");
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const element of page.querySelectorAll(REFUSED)) element.remove();
  for (const element of page.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) if (name !== "href" && name !== "title") element.removeAttribute(name);
    if (!/^(https?|mailto):/i.test(element.getAttribute("href") ?? "")) element.removeAttribute("href");
  }
  // The page's policy forbids styles in frames of its own too, so the typeface is said the old way.
  return `<font face="system-ui, Arial, sans-serif" size="2">${page.body.innerHTML}</font>`;
}
