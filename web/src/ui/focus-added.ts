import { type RefObject, useEffect, useRef } from "react";

interface FocusAdded<T> {
  /** The element around the items and the button (`data-add`) that adds one. */
  list: RefObject<T | null>;
  /** To be called when an item is added: the keyboard goes to its first field. */
  added: () => void;
  /** To be called when one is taken out: the keyboard goes to the button that adds. */
  removed: () => void;
}

/** Keeps the keyboard in a list whose items come and go, where the button that was pressed may go as well. */
export function useFocusAdded<T extends HTMLElement>(): FocusAdded<T> {
  const list = useRef<T>(null);
  const wish = useRef<"added" | "removed" | null>(null);
  useEffect(() => {
    const root = list.current;
    if (!root || wish.current === null) return;
    const empty = wish.current === "added" ? [...root.querySelectorAll("input")].findLast((input) => input.value === "") : undefined;
    wish.current = null;
    (empty ?? [...root.querySelectorAll<HTMLElement>("[data-add]")].at(-1))?.focus();
  });
  return {
    list,
    added: () => {
      wish.current = "added";
    },
    removed: () => {
      wish.current = "removed";
    },
  };
}
