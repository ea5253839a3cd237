/** How far tables were scrolled when they were left, so that going back shows the same rows. */
const offsets = new Map<string, number>();
const MOST = 50;

export function offsetOf(key: string): number {
  return offsets.get(key) ?? 0;
}

export function rememberOffset(key: string, offset: number): void {
  if (key === "") return;
  offsets.delete(key);
  offsets.set(key, offset);
  const oldest = offsets.keys().next().value;
  if (offsets.size > MOST && oldest !== undefined) offsets.delete(oldest);
}
