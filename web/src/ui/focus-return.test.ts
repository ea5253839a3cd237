import { afterEach, beforeEach, expect, test } from "vitest";
import { returnFocusAfterDialogs } from "./focus-return";

let stop: () => void;
beforeEach(() => {
  stop = returnFocusAfterDialogs();
});
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

function put(html: string): HTMLElement {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  document.body.append(holder);
  return holder;
}

const named = (name: string) => document.querySelector<HTMLElement>(`[name="${name}"]`);
const observed = () => new Promise((done) => setTimeout(done)); // observers are called before timers

test("the focus goes back to what opened a dialog, through the menu between them", async () => {
  put('<button name="opener">');
  named("opener")?.focus();
  const menu = put('<div role="menu"><button role="menuitem" name="item"></div>');
  named("item")?.focus();
  menu.remove();
  const dialog = put('<div role="dialog"><button name="inside"></div>');
  named("inside")?.focus();
  dialog.remove();
  await observed();
  expect(document.activeElement).toBe(named("opener"));
});

test("it goes back into the dialog below, and from there to the page", async () => {
  put('<button name="opener">');
  named("opener")?.focus();
  const below = put('<div role="dialog"><button name="below"></div>');
  named("below")?.focus();
  const above = put('<div role="dialog"><button name="above"></div>');
  named("above")?.focus();
  above.remove();
  await observed();
  expect(document.activeElement).toBe(named("below"));
  below.remove();
  await observed();
  expect(document.activeElement).toBe(named("opener"));
});

test("who put the focus elsewhere keeps it there", async () => {
  put('<button name="opener"><button name="next">');
  named("opener")?.focus();
  const dialog = put('<div role="dialog"><button name="inside"></div>');
  named("inside")?.focus();
  named("next")?.focus();
  dialog.remove();
  await observed();
  expect(document.activeElement).toBe(named("next"));
});
