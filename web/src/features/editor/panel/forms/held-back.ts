import { type FocusEvent, useCallback, useEffect, useState } from "react";
import { useEditor, useEditorStore } from "../../store/context";
import { type BoundProblem, fieldOf, isUnder } from "../../store/problems";

interface Held {
  /** The field that has the keyboard. */
  field: string;
  /** The problems of it that are shown: those that were there when the keyboard came, and have not gone since. */
  shown: ReadonlySet<string>;
}

interface HeldBack {
  /** Whether a problem is not spoken of yet. */
  isHeld: (problem: BoundProblem) => boolean;
  /** For the element around the form's fields. */
  watch: { onFocus: (event: FocusEvent) => void; onBlur: (event: FocusEvent) => void };
}

const keyOf = (problem: BoundProblem): string => `${problem.at} ${problem.code}`;

const related = (problem: BoundProblem, field: string): boolean => isUnder(fieldOf(problem), field) || isUnder(field, fieldOf(problem));

const fieldAround = (element: Element | null): string | null => element?.closest<HTMLElement>("[data-field]")?.dataset.field ?? null;

/** What belongs to a field and stands elsewhere: its drop-down, its picker, the dialog that it opens. */
const isElsewhere = (element: Element): boolean => element.closest("[data-portal], [role='dialog']") !== null;

/**
 * Which problems of a form are kept from the one who fills it in: those of a field that is being written in, and in
 * the form of a step that was just added those of every field that was not left yet. Nobody is told what is missing
 * before they could give it. `actionId` null is the enrollment trigger.
 */
export function useHeldBack(actionId: string | null): HeldBack {
  const store = useEditorStore();
  const fresh = useEditor((state) => actionId !== null && state.fresh === actionId);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [held, setHeld] = useState<Held | null>(null);

  const enter = useCallback(
    (field: string | null) =>
      setHeld((before) => {
        if (before?.field === field) return before;
        if (before) setLeft((all) => new Set([...all, before.field]));
        if (field === null) return null;
        return { field, shown: new Set(store.getState().problems.filter((one) => one.actionId === actionId).map(keyOf)) };
      }),
    [store, actionId],
  );
  useEffect(
    () =>
      store.subscribe(({ problems }, before) => {
        if (problems === before.problems) return;
        const present = new Set(problems.filter((one) => one.actionId === actionId).map(keyOf));
        setHeld((one) => one && { ...one, shown: new Set([...one.shown].filter((key) => present.has(key))) });
      }),
    [store, actionId],
  );

  const isHeld = useCallback(
    (problem: BoundProblem) => {
      if (fresh && ![...left].some((field) => related(problem, field))) return true;
      return held !== null && related(problem, held.field) && !held.shown.has(keyOf(problem));
    },
    [fresh, left, held],
  );
  return {
    isHeld,
    watch: {
      onFocus: ({ target }) => {
        if (!isElsewhere(target)) enter(fieldAround(target));
      },
      onBlur: ({ target, relatedTarget, currentTarget }) => {
        if (isElsewhere(target)) return;
        // Another window in front of this one is no reason to begin complaining.
        const gone = relatedTarget === null ? document.hasFocus() : !currentTarget.contains(relatedTarget) && !isElsewhere(relatedTarget);
        if (gone) enter(null);
      },
    },
  };
}
