/** A shortcut as the list of shortcuts shows it: `keys` are pressed together, `words` is a key of the catalogue. */
export interface Shortcut {
  keys: readonly string[];
  words: string;
}

export interface ShortcutGroup {
  words: string;
  shortcuts: readonly Shortcut[];
}

/** The platform's command key: ⌘ on Apple's, Ctrl elsewhere. */
export const COMMAND_KEY = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "") ? "⌘" : "Ctrl";

/** Whether a key press belongs to a field that the person is typing in. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
