import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import classes from "./AttentionBadge.module.css";

const attentionCountQuery = queryOptions({
  queryKey: ["attention", "count"],
  queryFn: () => call(api.GET("/penstock/v1/attention/count")),
  refetchInterval: 30_000,
});

/** How many runs and connections need attention; nothing while there is none. */
export function AttentionBadge() {
  const { t } = useTranslation();
  const { data } = useQuery(attentionCountQuery);
  const count = data ? data.runs.count + data.connections + data.loops : 0;
  if (count === 0) return null;
  return (
    <span className={classes.badge} title={t("shell:attentionCount", { count })}>
      {count > 99 ? "99+" : count}
    </span>
  );
}
