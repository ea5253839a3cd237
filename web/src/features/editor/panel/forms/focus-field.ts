import { type RefObject, useEffect } from "react";
import { useEditor } from "../../store/context";

const WRITABLE = 'input:not([type="hidden"]):not(:disabled), textarea:not(:disabled), [contenteditable="true"], select:not(:disabled)';
const FOCUSABLE = `${WRITABLE}, button:not(:disabled)`;

/** How long a field that is still being loaded is waited for (milliseconds). */
const PATIENCE = 3000;

function isEmpty(element: HTMLElement): boolean {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element.value === "" && !/^(checkbox|radio)$/.test(element.type);
  return element.isContentEditable && (element.textContent ?? "").trim() === "";
}

/** The first field that is empty; where all are filled in, the first one, of a choice the chosen option. */
function first(form: HTMLElement): HTMLElement | null {
  const empty = [...form.querySelectorAll<HTMLElement>(`[data-field] :is(${FOCUSABLE})`)].find(isEmpty);
  if (empty) return empty;
  const any = form.querySelector<HTMLElement>(FOCUSABLE);
  if (!(any instanceof HTMLInputElement) || any.type !== "radio") return any;
  return form.querySelector<HTMLElement>(`input[type="radio"][name="${CSS.escape(any.name)}"]:checked`) ?? any;
}

/** The element of a field: that of its own path, or of the nearest one around it. */
function find(form: HTMLElement, field: string): HTMLElement | null {
  if (field === "") return first(form);
  for (let path = field; path !== ""; path = path.replace(/(\.[^.[]*|\[\d+\]|^[^.[]*)$/, "")) {
    const place = form.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`);
    const element = place?.querySelector<HTMLElement>(WRITABLE) ?? place?.querySelector<HTMLElement>(FOCUSABLE);
    if (element) return element;
  }
  return null;
}

/** Focuses the field that the editor wishes for: by its path, or with an empty path the first one to fill in. */
export function useFocusField(form: RefObject<HTMLElement | null>): void {
  const wish = useEditor((state) => state.focusField);
  useEffect(() => {
    const root = form.current;
    if (!root || !wish) return undefined;
    // Text fields with tokens come a moment later than the form: till then a button of theirs has the keyboard.
    let button: HTMLElement | null = null;
    const focus = () => {
      if (button && document.activeElement !== button) return true;
      const element = find(root, wish.field);
      if (!element) return false;
      if (element !== button) {
        element.focus();
        element.scrollIntoView({ block: "nearest" });
      }
      button = element.matches(WRITABLE) ? null : element;
      return button === null;
    };
    if (focus()) return undefined;
    const observer = new MutationObserver(() => {
      if (focus()) observer.disconnect();
    });
    observer.observe(root, { childList: true, subtree: true });
    const timer = setTimeout(() => observer.disconnect(), PATIENCE);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [form, wish]);
}
