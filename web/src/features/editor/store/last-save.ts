/** The save with which an editor was left: whoever reads the workflow next waits for it, or would read what was before. */
const saves = new Map<string, Promise<void>>();

export function noteLastSave(flowId: string, save: Promise<void>): void {
  saves.set(flowId, save);
  void save.finally(() => {
    if (saves.get(flowId) === save) saves.delete(flowId);
  });
}

/** Resolves when the draft of this workflow is saved, or could not be. */
export function lastSave(flowId: string): Promise<void> {
  return saves.get(flowId) ?? Promise.resolve();
}
