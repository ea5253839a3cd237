import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { countQuery } from "../queries/rows";
import classes from "./RecordsFooter.module.css";
import type { RecordsTable } from "./useRecordsTable";

/** How many rows are loaded, and about how many there are; nothing is counted that would take long. */
export function RecordsFooter({ objectType, table }: { objectType: string; table: RecordsTable }) {
  const { t } = useTranslation("records");
  const formats = useFormats();
  const { state, found, rows, ready } = table;
  const { data: count } = useQuery({ ...countQuery(objectType, { filter: state.filter, search: state.search }), enabled: ready });
  const total =
    count === undefined
      ? ""
      : count.exact
        ? t("footer.total", { count: count.count, shown: formats.number(count.count) })
        : count.estimate
          ? t("footer.about", { shown: formats.number(roughly(count.estimate)) })
          : t("footer.more", { shown: formats.number(count.count) });
  // Once all are loaded, one figure says it.
  return (
    <div className={classes.footer} role="status">
      {!(count?.exact && rows.length === count.count) && <span>{t("footer.loaded", { shown: formats.number(rows.length) })}</span>}
      <span>{total}</span>
      {found.isFetching && !found.isPending && <span className={classes.busy}>{t(found.isFetchingNextPage ? "footer.loading" : "footer.refreshing")}</span>}
    </div>
  );
}

/** An estimate with two figures, since the others would only seem exact. */
function roughly(estimate: number): number {
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, estimate))) - 1);
  return Math.round(estimate / scale) * scale;
}
