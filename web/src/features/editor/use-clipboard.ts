import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { isTyping } from "@/ui/shortcuts";
import { say } from "@/ui/toast";
import { stepInFocus } from "./step-in-focus";
import type { EditorUi } from "./editor-ui";
import { readCopied } from "./model/clipboard";
import { useEditorStore } from "./store/context";

/** Copy, cut and paste of steps through the browser's own events, so that they work between windows and need no asking. */
export function useClipboard({ deeds }: EditorUi): void {
  const store = useEditorStore();
  const { t } = useTranslation("editor");
  useEffect(() => {
    const own = (event: ClipboardEvent) => event.defaultPrevented || isTyping(event as unknown as KeyboardEvent) || document.querySelector('[role="dialog"]') !== null;
    const onCopy = (event: ClipboardEvent) => {
      if (own(event) || String(window.getSelection() ?? "") !== "") return;
      const actionId = stepInFocus(store);
      const text = actionId === null || actionId === "trigger" ? null : deeds.copied(actionId);
      if (text === null || actionId === null) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut") deeds.remove(actionId);
      else say(t("done.copied"));
    };
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (own(event) || !readCopied(text)) return;
      event.preventDefault();
      deeds.paste(text, stepInFocus(store));
    };
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [store, deeds, t]);
}
