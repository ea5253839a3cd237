import { expect, test } from "vitest";
import { PanZoom } from "./pan-zoom";

/** A tree of 3,088 pixels on a phone; its trigger, of 288, in the middle of its top. */
function opened(): { view: PanZoom; trigger: HTMLElement; shown: { x: number } } {
  const viewport = document.createElement("div");
  const content = document.createElement("div");
  const trigger = document.createElement("div");
  viewport.append(content);
  content.append(trigger);
  Object.defineProperties(viewport, { clientWidth: { value: 390 }, clientHeight: { value: 700 } });
  Object.defineProperties(content, { offsetWidth: { value: 3088 }, offsetHeight: { value: 900 } });
  const shown = { x: 0 };
  content.getBoundingClientRect = () => new DOMRect(shown.x, 0, 3088, 900);
  trigger.getBoundingClientRect = () => new DOMRect(shown.x + 1400, 32, 288, 76);
  const view = new PanZoom(viewport, content);
  view.toTop();
  return { view, trigger, shown };
}

test("a card that is in view stays where it is, also while the browser still shows the canvas where it was", () => {
  const { view, trigger } = opened();
  view.reveal(trigger);
  expect(view.content.style.transform).toContain("translate(-1349px");
});

test("a card that is not in view is brought into it", () => {
  const { view, trigger, shown } = opened();
  view.pan(-400, 0);
  shown.x = -1749;
  view.reveal(trigger);
  expect(view.content.style.transform).toContain("translate(-1376px");
});
