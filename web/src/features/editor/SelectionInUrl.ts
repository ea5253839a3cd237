import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { cardOf } from "./canvas/reveal-step";
import type { PanZoom } from "./canvas/pan-zoom";
import { inAddress } from "./routes";
import { useEditorStore } from "./store/context";
import type { Selection } from "./store/store";

const inUrl = (selection: Selection): string | undefined =>
  selection?.kind === "step" ? selection.actionId : selection?.kind === "trigger" ? "trigger" : undefined;

/**
 * The selected step in the address, both ways: `?step=3`, and `?step=3&field=prompt` goes to a field of it. A part of
 * its own, so that a change of the address draws nothing else again.
 */
export function SelectionInUrl({ view }: { view: PanZoom | null }): null {
  const store = useEditorStore();
  const search = useSearch({ from: "/app/workflows/$flowId" });
  const step = search.step === undefined ? undefined : String(search.step);
  const { field } = search;
  const navigate = useNavigate({ from: "/workflows/$flowId" });
  const written = useRef<string | undefined>(undefined);

  useEffect(() => {
    if (!view) return;
    if (step === written.current && field === undefined) return;
    written.current = step;
    const { select, tree } = store.getState();
    if (step === undefined) {
      if (inUrl(store.getState().selection) !== undefined) select(null);
    } else if (step === "trigger") select({ kind: "trigger" }, field);
    else if (tree.places.has(step)) {
      select({ kind: "step", actionId: step }, field);
      const card = cardOf(view, step);
      if (card) view.reveal(card);
    }
    if (field !== undefined) void navigate({ search: { step: inAddress(step) }, replace: true, resetScroll: false });
  }, [step, field, store, view, navigate]);

  useEffect(
    () =>
      store.subscribe((state, before) => {
        if (state.selection === before.selection) return;
        const next = inUrl(state.selection);
        if (next === written.current) return;
        written.current = next;
        void navigate({ search: { step: inAddress(next) }, replace: true, resetScroll: false });
      }),
    [store, navigate],
  );
  return null;
}
