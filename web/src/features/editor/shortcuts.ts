import { COMMAND_KEY, type ShortcutGroup } from "@/ui/shortcuts";

/** The editor's keys, for the list of shortcuts; `keyboard.ts` acts on them. */
export const EDITOR_SHORTCUTS: ShortcutGroup = {
  words: "editor:shortcuts.title",
  shortcuts: [
    { keys: ["J"], words: "editor:shortcuts.next" },
    { keys: ["K"], words: "editor:shortcuts.previous" },
    { keys: ["←", "↑", "→", "↓"], words: "editor:shortcuts.walk" },
    { keys: ["Enter"], words: "editor:shortcuts.open" },
    { keys: ["A"], words: "editor:shortcuts.add" },
    { keys: ["F2"], words: "editor:shortcuts.rename" },
    { keys: [COMMAND_KEY, "C"], words: "editor:shortcuts.copy" },
    { keys: [COMMAND_KEY, "X"], words: "editor:shortcuts.cut" },
    { keys: [COMMAND_KEY, "V"], words: "editor:shortcuts.paste" },
    { keys: [COMMAND_KEY, "D"], words: "editor:shortcuts.duplicate" },
    { keys: ["Delete"], words: "editor:shortcuts.delete" },
    { keys: [COMMAND_KEY, "Z"], words: "editor:shortcuts.undo" },
    { keys: [COMMAND_KEY, "Y"], words: "editor:shortcuts.redo" },
    { keys: ["1"], words: "editor:shortcuts.fit" },
    { keys: ["0"], words: "editor:shortcuts.actualSize" },
  ],
};
