import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useObjectType } from "@/api/object-types";
import { type PropertyDefinition, propertiesQuery } from "@/api/properties";
import { Moment } from "@/ui/Moment";
import { SimpleTable } from "@/ui/SimpleTable";
import { SourceLine } from "../records/sources/SourceLine";
import { ValueText } from "../records/values/ValueText";
import { RecordLink } from "../runs/RecordLink";
import type { Shown, UndoItem } from "./queries";
import classes from "./undo.module.css";

interface Props {
  rows: readonly UndoItem[];
  kind: Shown;
  busy?: boolean;
}

/** Values with what is there now, and what was there before or why they stay. */
export function UndoValues({ rows, kind, busy = false }: Props) {
  const { t } = useTranslation("undo");
  const typeId = rows[0]?.objectTypeId ?? "";
  const type = useObjectType(typeId);
  const { data } = useQuery({ ...propertiesQuery(typeId), enabled: typeId !== "" });
  const properties = new Map(data?.map((property) => [property.name, property]));
  if (rows.length === 0) return <p className={classes.quiet}>{t(kind === "RESTORE" ? "noneGoesBack" : "noneStays")}</p>;
  return (
    <div className={classes.values}>
      <SimpleTable
        label={t(kind === "RESTORE" ? "whatGoesBack" : "whatStays")}
        busy={busy}
        minWidth={620}
        rows={rows}
        rowKey={(row) => `${row.recordId} ${row.property}`}
        columns={[
          { title: t("column.record"), width: "26%", cell: (row) => <RecordLink objectTypeId={row.objectTypeId} recordId={row.recordId} name={row.recordName} /> },
          { title: t("column.property"), width: "18%", cell: (row) => row.label },
          { title: t("column.now"), cell: (row) => <Shown property={properties.get(row.property)} value={row.current} /> },
          kind === "RESTORE"
            ? { title: t("column.before"), cell: (row) => <Shown property={properties.get(row.property)} value={row.before} /> }
            : {
                title: t("column.why"),
                width: "34%",
                cell: (row) => (
                  <>
                    <span className={classes.why}>{row.verdict === "DOES_NOT_FIT" || row.verdict === "VALUE_TAKEN" ? row.message : t(`reason.${row.verdict}`)}</span>
                    <span className={classes.by}>
                      <SourceLine source={row.newestBy} objectType={type.name} />
                      <Moment at={row.newestAt} />
                    </span>
                  </>
                ),
              },
        ]}
      />
    </div>
  );
}

function Shown({ property, value }: { property: PropertyDefinition | undefined; value: string | null }) {
  const { t } = useTranslation("undo");
  if (value === null) return <span className={classes.none}>{t("noValue")}</span>;
  return <span className={classes.value}>{property ? <ValueText property={property} value={value} compact /> : value}</span>;
}
