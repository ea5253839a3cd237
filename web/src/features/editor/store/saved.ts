import type { EditorStore } from "./store";

/** Resolves when the draft is on the server as it is here; throws when it cannot be saved. */
export async function saved(store: EditorStore): Promise<void> {
  const isSaved = () => store.getState().document === store.getState().saved;
  if (isSaved()) return;
  await new Promise<void>((resolve, reject) => {
    const unsubscribe = store.subscribe((state) => {
      const refused = state.saving.state === "refused" || state.saving.state === "conflict" || state.saving.state === "offline";
      if (!isSaved() && !refused) return;
      unsubscribe();
      if (isSaved()) resolve();
      else reject(new Error("message" in state.saving ? state.saving.message : ""));
    });
    // The autosave saves at once when the browser is told to be connected again.
    window.dispatchEvent(new Event("online"));
  });
}
