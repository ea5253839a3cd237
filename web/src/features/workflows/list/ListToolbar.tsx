import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SearchBox } from "@/ui/SearchBox";
import classes from "./ListToolbar.module.css";
import { type FlowState, type ListSearch, STATES } from "./search";

const ALL = "all";

/** Searches by name and chooses which workflows are shown. */
export function ListToolbar({ search, onChange }: { search: ListSearch; onChange: (part: Partial<ListSearch>) => void }) {
  const { t } = useTranslation("workflows");
  return (
    <div className={classes.bar} role="toolbar" aria-label={t("toolbar")}>
      <SearchBox className={classes.search} value={search.search ?? ""} label={t("search")} onChange={(sought) => onChange({ search: sought || undefined })} />
      <SegmentedControl
        aria-label={t("state.label")}
        value={search.state ?? ALL}
        onChange={(state) => onChange({ state: state === ALL ? undefined : (state as FlowState) })}
        data={[{ value: ALL, label: t("state.all") }, ...STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))]}
      />
    </div>
  );
}
