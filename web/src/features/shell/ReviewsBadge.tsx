import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { reviewCountQuery } from "../reviews/queries";
import classes from "./AttentionBadge.module.css";

/** How many answers wait for a review; nothing while there is none. */
export function ReviewsBadge() {
  const { t } = useTranslation();
  const { data } = useQuery(reviewCountQuery);
  const count = data?.waiting.count ?? 0;
  if (count === 0) return null;
  return (
    <span className={classes.badge} data-tone="accent" title={t("shell:reviewCount", { count })}>
      {count > 99 ? "99+" : count}
    </span>
  );
}
