import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useObjectType } from "@/api/object-types";
import { ProviderTile, providerTitle } from "@/features/connect/providers";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { StatusPill } from "@/ui/StatusPill";
import { useBoundedCount } from "../bounded-count";
import type { FlowRow as Row } from "../queries";
import { ActivationSwitch } from "./ActivationSwitch";
import classes from "./FlowTable.module.css";
import { RowMenu } from "./RowMenu";

const KEPT_WAITING = [
  ["AT_CAP", "atCap"],
  ["AWAITING_TURN", "awaitingTurn"],
] as const;

/** One workflow in the list. */
export function FlowRow({ row, folders }: { row: Row; folders: readonly string[] }) {
  const { t } = useTranslation("workflows");
  const formats = useFormats();
  const count = useBoundedCount();
  const type = useObjectType(row.objectTypeId);
  const spent = Number(row.spend30DaysUsd);
  const params = { flowId: row.id };
  const name = row.name || t("unnamed", { id: row.id });

  return (
    <tr className={classes.row}>
      <td className={classes.switch}>
        <ActivationSwitch row={row} name={name} />
      </td>
      <td className={classes.name}>
        <div className={classes.title}>
          <Link to="/workflows/$flowId" params={params} className={classes.link}>
            {name}
          </Link>
          {row.hasDraft && <StatusPill tone="accent">{t("draft")}</StatusPill>}
          {row.providers.map((provider) => (
            <span key={provider} title={providerTitle(provider)} className={classes.provider}>
              <ProviderTile provider={provider} size={20} />
              <span className="visually-hidden">{providerTitle(provider)}</span>
            </span>
          ))}
        </div>
        <div className={classes.about}>
          {KEPT_WAITING.map(
            ([status, name]) =>
              row[name].count > 0 && (
                <Link key={status} to="/workflows/$flowId/runs" params={params} search={{ status: [status] }} className={classes.kept} data-status={status}>
                  {t(`kept.${status}`, { count: row[name].count, number: count(row[name]) })}
                </Link>
              ),
          )}
          <span>{type.plural}</span>
          {row.folder && <span>{row.folder}</span>}
          {row.description && <span className={classes.description}>{row.description}</span>}
        </div>
      </td>
      <td className={classes.figure} data-title={t("column.enrolled")} data-nothing={row.enrolled30Days === 0}>
        {formats.number(row.enrolled30Days)}
      </td>
      <td className={classes.figure} data-title={t("column.inside")} data-nothing={row.active.count === 0}>
        {count(row.active)}
      </td>
      <td className={classes.figure} data-title={t("column.failed")} data-nothing={row.failed.count === 0}>
        {row.failed.count === 0 ? (
          formats.number(0)
        ) : (
          <Link to="/workflows/$flowId/runs" params={params} search={{ status: ["FAILED"] }} className={classes.failed} aria-label={t("failedOf", { count: row.failed.count, name })}>
            {count(row.failed)}
          </Link>
        )}
      </td>
      <td className={classes.figure} data-title={t("column.spend")} data-nothing={spent === 0}>
        {formats.money(spent)}
      </td>
      <td className={classes.changed}>
        <Moment at={row.updatedAt} relative />
        <span className={classes.by}>{row.updatedBy}</span>
      </td>
      <td className={classes.menu}>
        <RowMenu row={row} name={name} folders={folders} />
      </td>
    </tr>
  );
}
