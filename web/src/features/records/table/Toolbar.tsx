import { ActionIcon, Button, CloseButton, TextInput, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { propertyGroupsQuery } from "@/api/properties";
import { useSession } from "@/api/session";
import { DownloadIcon, FilterIcon, SearchIcon } from "@/design/icons";
import { ColumnChooser } from "@/ui/data-table/ColumnChooser";
import { propertyFields } from "@/ui/filter-builder/fields";
import { exportAddress } from "../queries/bulk";
import { FilterChips } from "./FilterChips";
import { FilterDrawer } from "./FilterDrawer";
import { NAME_COLUMN } from "./own-columns";
import classes from "./Toolbar.module.css";
import type { RecordsTable } from "./useRecordsTable";
import type { TableState } from "./view-state";

interface Props {
  objectType: string;
  table: RecordsTable;
  onChange: (part: Partial<TableState>) => void;
}

const TYPING = 250; // milliseconds of quiet before a search is sent

/** Searches, filters and chooses columns. What is filtered by stands below as sentences. */
export function Toolbar({ objectType, table, onChange }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const { data: groups } = useQuery(propertyGroupsQuery(objectType));
  const { state, properties, type } = table;
  const [filtering, setFiltering] = useState(false);
  const fields = useMemo(() => propertyFields(properties ?? [], groups ?? [], t("otherProperties")), [properties, groups, t]);
  const columns = useMemo(
    () => [{ id: NAME_COLUMN, label: t("column.name") }, ...(properties ?? []).filter((property) => !property.hidden).map(({ name, label }) => ({ id: name, label }))],
    [properties, t],
  );

  return (
    <div className={classes.bar} role="toolbar" aria-label={t("toolbar")}>
      <SearchBox key={objectType} value={state.search} label={t("search", { type: type.plural.toLowerCase() })} onChange={(search) => onChange({ search })} />
      <Button variant={state.filter ? "light" : "default"} leftSection={<FilterIcon size={15} aria-hidden />} onClick={() => setFiltering(true)} aria-haspopup="dialog">
        {t("filter.action")}
      </Button>
      <FilterChips filter={state.filter} fields={fields} onChange={(filter) => onChange({ filter })} onOpen={() => setFiltering(true)} />
      <span className={classes.push} />
      <ColumnChooser
        columns={columns}
        layout={[{ id: NAME_COLUMN }, ...state.columns]}
        onLayout={(layout) => onChange({ columns: layout.filter((column) => column.id !== NAME_COLUMN) })}
      />
      {may("records.export") && (
        <Tooltip label={t("export.all")}>
          <ActionIcon
            component="a"
            variant="default"
            size={30}
            aria-label={t("export.all")}
            download
            href={exportAddress(objectType, { filter: state.filter, search: state.search, sort: state.sort, properties: [...type.nameProperties, ...state.columns.map((column) => column.id)] })}
          >
            <DownloadIcon size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      {filtering && <FilterDrawer objectType={objectType} filter={state.filter} fields={fields} onChange={(filter) => onChange({ filter })} onClose={() => setFiltering(false)} />}
    </div>
  );
}

function SearchBox({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("records");
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const latest = useRef(onChange);
  latest.current = onChange;

  // The address changed by something else than this box: back, another view.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);

  useEffect(() => {
    if (typed.trim() === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      latest.current(sent.current);
    }, TYPING);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <TextInput
      className={classes.search}
      size="xs"
      type="search"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      placeholder={label}
      aria-label={label}
      leftSection={<SearchIcon size={14} aria-hidden />}
      rightSection={typed !== "" && <CloseButton size="xs" aria-label={t("clearSearch")} onClick={() => setTyped("")} />}
    />
  );
}
