import { useLocalStorage } from "@mantine/hooks";
import type { ColumnLayout } from "@/ui/data-table/column-layout";
import { readColumns, writeColumns } from "./view-state";

/** The column with the record's name: always there, always first, and no property of its own. */
export const NAME_COLUMN = "_name";

/** The columns of the table without a view, as this person left them on this machine; undefined for the usual ones. */
export function useOwnColumns(objectType: string) {
  const [stored, store] = useLocalStorage({ key: `penstock-columns-${objectType}`, defaultValue: "", getInitialValueInEffect: false });
  return [stored === "" ? undefined : readColumns(stored), (layout: ColumnLayout) => store(writeColumns(layout))] as const;
}

/** How wide this person likes the column of names. */
export function useNameWidth(objectType: string) {
  return useLocalStorage<number>({ key: `penstock-name-width-${objectType}`, defaultValue: 0, getInitialValueInEffect: false });
}
