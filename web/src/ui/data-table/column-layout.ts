/** Which columns a table shows, in their order, with the widths that somebody chose. */
export interface ColumnPlace {
  id: string;
  width?: number;
}
export type ColumnLayout = readonly ColumnPlace[];

export const LEAST_WIDTH = 72;
export const MOST_WIDTH = 800;

/** Puts a column before or after another one, wherever it came from. */
export function moveColumn(layout: ColumnLayout, id: string, to: number): ColumnLayout {
  const from = layout.findIndex((column) => column.id === id);
  const moved = layout[from];
  if (!moved) return layout;
  const rest = layout.filter((column) => column.id !== id);
  const target = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, target), moved, ...rest.slice(target)];
}

export function hideColumn(layout: ColumnLayout, id: string): ColumnLayout {
  return layout.filter((column) => column.id !== id);
}

/** Shows a column at the end, as the eye expects what was just added. */
export function showColumn(layout: ColumnLayout, id: string): ColumnLayout {
  return layout.some((column) => column.id === id) ? layout : [...layout, { id }];
}

export function resizeColumn(layout: ColumnLayout, id: string, width: number): ColumnLayout {
  const within = Math.round(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width)));
  return layout.map((column) => (column.id === id ? { ...column, width: within } : column));
}

export function resetWidth(layout: ColumnLayout, id: string): ColumnLayout {
  return layout.map((column) => (column.id === id ? { id } : column));
}
