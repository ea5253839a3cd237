import { Button, Loader, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PropertyDefinition } from "@/api/properties";
import { useSession } from "@/api/session";
import { PlusIcon, RecordsIcon, SearchIcon } from "@/design/icons";
import { DataTable } from "@/ui/data-table/DataTable";
import type { Selection } from "@/ui/data-table/selection";
import type { DataColumn } from "@/ui/data-table/types";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { sayProblem } from "@/ui/toast";
import type { RecordRow } from "../contract";
import { useChangeValues } from "../queries/record";
import { isBeingPrepared } from "../queries/rows";
import { InlineEditor } from "../values/InlineEditor";
import { canEdit, kindOf } from "../values/kinds";
import { ValueText } from "../values/ValueText";
import { NAME_COLUMN, useNameWidth } from "./own-columns";
import classes from "./RecordsTableView.module.css";
import { type RecordsTable, rowName } from "./useRecordsTable";
import type { RecordsSearch, TableState } from "./view-state";

interface Props {
  objectType: string;
  search: RecordsSearch;
  table: RecordsTable;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onChange: (part: Partial<TableState>) => void;
  onCreate: () => void;
}

const NAME_WIDTH = 260;
const NARROW_NAME_WIDTH = 150; // on a phone, so that a value beside it can be read
const WIDTHS: Partial<Record<ReturnType<typeof kindOf>, number>> = { number: 120, date: 130, moment: 170, truth: 90, longText: 260, email: 220 };
const USUAL_WIDTH = 160;

/** The rows, and what stands in their place while there are none. */
export function RecordsTableView({ objectType, search, table, selection, onSelection, onChange, onCreate }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const navigate = useNavigate();
  const { type, properties, state, found, rows, ready } = table;
  const [nameWidth, setNameWidth] = useNameWidth(objectType);
  const change = useChangeValues(objectType);
  const narrow = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });

  const columns = useMemo(
    () => [
      nameColumn(objectType, search, type, t("column.name"), narrow ? NARROW_NAME_WIDTH : NAME_WIDTH),
      ...(properties ?? []).map(propertyColumn),
    ],
    [objectType, search, type, properties, narrow, t],
  );
  const layout = useMemo(() => [nameWidth > 0 && !narrow ? { id: NAME_COLUMN, width: nameWidth } : { id: NAME_COLUMN }, ...state.columns], [state.columns, nameWidth, narrow]);

  const sorted = state.sort && { column: type.nameProperties[0] === state.sort.property ? NAME_COLUMN : state.sort.property, direction: state.sort.direction };
  const { fetchNextPage } = found;
  const load = useCallback(() => void fetchNextPage(), [fetchNextPage]);

  if (found.error && !isBeingPrepared(found.error) && rows.length === 0) {
    return <ErrorCard error={found.error} title={t("loadFailed")} onRetry={() => void found.refetch()} />;
  }
  const preparing = isBeingPrepared(found.failureReason);
  const stale = found.isPlaceholderData;
  const further = !found.isFetching && found.hasNextPage && rows.length === 0;
  const filtered = state.filter !== null || state.search !== "";

  return (
    <div className={classes.area} data-stale={stale || undefined}>
      {preparing && (
        <div className={classes.notice} role="status">
          <Loader size={14} aria-hidden />
          <Text size="sm">{t("preparing", { property: propertyLabel(properties, state.sort?.property) })}</Text>
        </div>
      )}
      <DataTable
        label={type.plural}
        columns={columns}
        layout={layout}
        onLayout={(next) => {
          const width = next.find((column) => column.id === NAME_COLUMN)?.width ?? 0;
          if (width !== nameWidth) setNameWidth(width);
          onChange({ columns: next.filter((column) => column.id !== NAME_COLUMN) });
        }}
        rows={rows}
        rowId={rowId}
        rowName={(row) => rowName(type, row)}
        sort={sorted ?? undefined}
        onSort={(next) => onChange({ sort: { property: next.column === NAME_COLUMN ? (type.nameProperties[0] ?? "hs_object_id") : next.column, direction: next.direction } })}
        selection={selection}
        onSelection={(next) =>
          // Everything but some is no choice that the server knows; the loaded rows but some is.
          onSelection(next.all && next.except.size > 0 ? { all: false, ids: new Set(rows.map(rowId).filter((id) => !next.except.has(id))) } : next)
        }
        onOpen={(row) => void navigate({ to: "/records/$objectType/$recordId", params: { objectType, recordId: row.id }, search: listSearch(search) })}
        {...(may("records.write")
          ? {
              onEdit: (row: RecordRow, property: string, value: string) =>
                change.mutate(
                  { recordId: row.id, values: { [property]: value === "" ? null : value } },
                  { onError: (error) => sayProblem(error, t("value.notSaved", { property: propertyLabel(properties, property), name: rowName(type, row) })) },
                ),
            }
          : {})}
        loading={!ready || (found.isPending && !preparing) || further}
        more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load }}
        scrollKey={JSON.stringify([objectType, state.filter, state.search, state.sort])}
        empty={
          filtered ? (
            <EmptyState
              icon={<SearchIcon size={24} />}
              title={t("empty.noneFound")}
              text={t("empty.noneFoundText")}
              action={
                <Button variant="default" onClick={() => onChange({ filter: null, search: "" })}>
                  {t("empty.clear")}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={<RecordsIcon size={24} />}
              title={t("empty.title", { type: type.plural.toLowerCase() })}
              text={t("empty.text")}
              action={
                may("imports.run") && (
                  <Link to="/records/$objectType/import" params={{ objectType }} className={classes.first}>
                    {t("empty.import")}
                  </Link>
                )
              }
            >
              {may("records.write") && (
                <Button variant="subtle" leftSection={<PlusIcon size={14} />} onClick={onCreate}>
                  {t("create.action", { type: type.singular.toLowerCase() })}
                </Button>
              )}
            </EmptyState>
          )
        }
      />
    </div>
  );
}

const rowId = (row: RecordRow) => row.id;

/** The address of the list goes along to the record, so that its next and previous records are those of the list. */
export function listSearch({ create: _create, ...search }: RecordsSearch): RecordsSearch {
  return search;
}

function propertyLabel(properties: readonly PropertyDefinition[] | undefined, name: string | undefined): string {
  return properties?.find((property) => property.name === name)?.label ?? name ?? "";
}

function nameColumn(objectType: string, search: RecordsSearch, type: RecordsTable["type"], label: string, width: number): DataColumn<RecordRow> {
  return {
    id: NAME_COLUMN,
    label,
    width,
    sortable: type.nameProperties.length > 0,
    render: (row) => (
      <Link to="/records/$objectType/$recordId" params={{ objectType, recordId: row.id }} search={listSearch(search)} className={classes.name} tabIndex={-1} preload={false}>
        {rowName(type, row)}
      </Link>
    ),
  };
}

function propertyColumn(property: PropertyDefinition): DataColumn<RecordRow> {
  const kind = kindOf(property);
  return {
    id: property.name,
    label: property.label,
    width: WIDTHS[kind] ?? USUAL_WIDTH,
    sortable: true,
    ...(kind === "number" ? { align: "end" as const } : {}),
    render: (row) => <ValueText property={property} value={row.properties[property.name]} compact />,
    ...(canEdit(property)
      ? { editor: (row, edit) => <InlineEditor property={property} value={row.properties[property.name]} onCommit={edit.commit} onCancel={edit.cancel} /> }
      : {}),
  };
}
