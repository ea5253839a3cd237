import { useEffect, useRef, useState } from "react";
import { type JsonObject, sameJson } from "@/api/json";
import { isNoFilter, readTree, type Tree, writeTree } from "./model";

/**
 * The tree being edited. Conditions that are not filled in live only here; whatever is whole goes out as a document.
 * A document that comes in from elsewhere (undo, another view) replaces the tree.
 */
export function useTreeDraft(given: JsonObject | null, onChange: (next: JsonObject | null) => void, zone: string) {
  // HubSpot writes trees without a condition for "no filter"; to what is edited here they are the same as none.
  const value = given !== null && isNoFilter(given) ? null : given;
  const [tree, setTree] = useState<Tree>(() => readTree(value));
  const sent = useRef<JsonObject | null>(value);

  useEffect(() => {
    if (sameJson(sent.current, value)) return;
    sent.current = value;
    setTree(readTree(value));
  }, [value]);

  const change = (next: Tree) => {
    setTree(next);
    const document = writeTree(next, zone, value ?? undefined);
    if (sameJson(document, sent.current)) return;
    sent.current = document;
    onChange(document);
  };
  return [tree, change] as const;
}
