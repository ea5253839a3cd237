import type { PanZoom } from "./pan-zoom";

/** The card of a step, or of the trigger. */
export function cardOf(view: PanZoom, actionId: string): HTMLElement | null {
  return view.content.querySelector<HTMLElement>(`[data-step="${CSS.escape(actionId)}"]`);
}

/** Brings a step's card into view and lets it light up for a moment. */
export function revealStep(view: PanZoom, actionId: string): void {
  const card = cardOf(view, actionId);
  if (!card) return;
  view.reveal(card);
  card.setAttribute("data-flash", "");
  card.addEventListener("animationend", () => card.removeAttribute("data-flash"), { once: true });
}

/** Puts the keyboard on a step's card without moving the canvas more than needed. */
export function focusStep(view: PanZoom, actionId: string): void {
  cardOf(view, actionId)?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
}
