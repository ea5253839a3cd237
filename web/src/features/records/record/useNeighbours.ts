import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useFormats } from "@/i18n/format";
import { isTyping } from "@/ui/shortcuts";
import { listSearch } from "../table/RecordsTableView";
import { useRecordsTable } from "../table/useRecordsTable";
import type { RecordsSearch } from "../table/view-state";

const LOAD_AHEAD = 5;

/** The records before and after this one in the list that the address names, by J and K too. */
export function useNeighbours(objectType: string, recordId: string, search: RecordsSearch) {
  const navigate = useNavigate();
  const formats = useFormats();
  const { rows, found } = useRecordsTable(objectType, search);
  const at = rows.findIndex((row) => row.id === recordId);
  const previous = at > 0 ? rows[at - 1]?.id : undefined;
  const next = at >= 0 ? rows[at + 1]?.id : undefined;

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  useEffect(() => {
    if (at >= 0 && at >= rows.length - LOAD_AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [at, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const go = (id: string | undefined) => {
    if (id !== undefined) void navigate({ to: "/records/$objectType/$recordId", params: { objectType, recordId: id }, search: listSearch(search), replace: true });
  };

  const latest = useRef({ go, previous, next });
  latest.current = { go, previous, next };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      if (event.key === "j") latest.current.go(latest.current.next);
      if (event.key === "k") latest.current.go(latest.current.previous);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  return { previous, next, position: at < 0 ? undefined : { at: formats.number(at + 1), of: formats.number(rows.length) }, go };
}
