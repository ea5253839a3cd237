import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { isTyping } from "@/ui/shortcuts";

const CommandMenu = lazy(async () => ({ default: (await import("./CommandMenu")).CommandMenu }));
const ShortcutsDialog = lazy(async () => ({ default: (await import("./ShortcutsDialog")).ShortcutsDialog }));

/** The name of the event that opens the command menu, for buttons that do what Ctrl+K does. */
export const OPEN_COMMANDS = "penstock:commands";

/** Ctrl+K (⌘K) and ?, on every screen. What they open is loaded when it is first wanted. */
export function GlobalKeys() {
  const [commands, setCommands] = useState<"never" | "open" | "closed">("never");
  const [help, setHelp] = useState(false);
  const showHelp = useCallback(() => setHelp(true), []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setCommands((now) => (now === "open" ? "closed" : "open"));
      } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !isTyping(event)) {
        event.preventDefault();
        setHelp(true);
      }
    };
    const onOpen = () => setCommands("open");
    window.addEventListener("keydown", onKey);
    window.addEventListener(OPEN_COMMANDS, onOpen);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener(OPEN_COMMANDS, onOpen);
    };
  }, []);

  return (
    <Suspense fallback={null}>
      {commands !== "never" && <CommandMenu opened={commands === "open"} onClose={() => setCommands("closed")} onHelp={showHelp} />}
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </Suspense>
  );
}
