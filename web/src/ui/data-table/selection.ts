/** Which rows are chosen: some by id, or everything that matches except some. */
export type Selection = { all: false; ids: ReadonlySet<string> } | { all: true; except: ReadonlySet<string> };

export const NOTHING: Selection = { all: false, ids: new Set() };
export const EVERYTHING: Selection = { all: true, except: new Set() };

export function isSelected(selection: Selection, id: string): boolean {
  return selection.all ? !selection.except.has(id) : selection.ids.has(id);
}

export function isEmpty(selection: Selection): boolean {
  return !selection.all && selection.ids.size === 0;
}

/** Chooses these rows, or drops them from the choice. */
export function choose(selection: Selection, ids: readonly string[], chosen: boolean): Selection {
  const marked = new Set(selection.all ? selection.except : selection.ids);
  for (const id of ids) {
    if (chosen !== selection.all) marked.add(id);
    else marked.delete(id);
  }
  return selection.all ? { all: true, except: marked } : { all: false, ids: marked };
}

/** How the box in the header stands: all loaded rows are chosen, some, or none. */
export function stateOf(selection: Selection, ids: readonly string[]): "all" | "some" | "none" {
  let chosen = 0;
  for (const id of ids) if (isSelected(selection, id)) chosen += 1;
  if (chosen === 0) return isEmpty(selection) ? "none" : "some";
  return chosen === ids.length ? "all" : "some";
}
