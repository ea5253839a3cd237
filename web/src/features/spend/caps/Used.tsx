import { Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import classes from "./caps.module.css";
import type { Cap } from "./queries";

const NEARLY = 0.8;

/** What is spent of a cap in its period, with what calls under way may still cost. */
export function Used({ cap }: { cap: Cap }) {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  if (cap.scope === "run") return <span className={classes.quiet}>{t("caps.perRun")}</span>;
  const limit = Number(cap.limitUsd);
  const spent = Number(cap.spentUsd);
  const reserved = Number(cap.reservedUsd);
  const share = limit > 0 ? spent / limit : 1;
  const text = t("caps.used", { spent: formats.money(spent), limit: formats.money(limit) });
  const tone = cap.waiting.count > 0 || share >= 1 ? "var(--error)" : share >= NEARLY ? "var(--warning)" : "var(--accent)";
  return (
    <div className={classes.used}>
      <Progress.Root size={6} aria-hidden>
        <Progress.Section value={Math.min(100, share * 100)} color={tone} />
        {limit > 0 && <Progress.Section value={Math.min(100 - Math.min(100, share * 100), (reserved / limit) * 100)} color="var(--line-strong)" />}
      </Progress.Root>
      <span className="tabular">
        {text}
        {reserved > 0 && <span className={classes.quiet}>{t("caps.reserved", { amount: formats.money(reserved) })}</span>}
      </span>
    </div>
  );
}
