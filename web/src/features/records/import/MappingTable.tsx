import { Select, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PropertyDefinition } from "@/api/properties";
import { CheckIcon, MinusIcon, WarningIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { SimpleTable } from "@/ui/SimpleTable";
import { canEdit } from "../values/kinds";
import type { ImportPreview, Mapping, PreviewColumn } from "../queries/imports";
import classes from "./MappingTable.module.css";
import { useReason } from "./reason";

interface Props {
  preview: ImportPreview;
  mapping: Mapping;
  properties: readonly PropertyDefinition[];
  /** Headers of columns that go into one property together. */
  clash: ReadonlySet<string>;
  mayCreate: boolean;
  /** The choice of before is still being checked. */
  checking: boolean;
  onMap: (header: string, property: string | null) => void;
  onCreate: (column: PreviewColumn) => void;
}

const LEFT_OUT = " left out";
const CREATE = " create";

/** A row for each column of the file: what is in it, where it goes, and what would go wrong. */
export function MappingTable({ preview, mapping, properties, clash, mayCreate, checking, onMap, onCreate }: Props) {
  const { t } = useTranslation("records");
  const choices = properties.filter(canEdit).map((property) => ({ value: property.name, label: property.label }));
  const choose = (column: PreviewColumn, choice: string | null) => {
    if (choice === CREATE) onCreate(column);
    else onMap(column.header, choice === LEFT_OUT ? null : choice);
  };
  return (
    <SimpleTable<PreviewColumn>
      label={t("import.columns")}
      busy={checking}
      minWidth={720}
      rows={preview.columns}
      rowKey={(column) => String(column.index)}
      columns={[
        { title: t("import.column"), cell: (column) => <span className={classes.header}>{column.header || t("import.unnamed", { number: column.index + 1 })}</span> },
        { title: t("import.samples"), cell: (column) => <div className={classes.samples}>{column.samples.slice(0, 3).join(" · ")}</div> },
        {
          title: t("import.property"),
          width: "280px",
          cell: (column) => (
            <Select
              w="100%"
              aria-label={t("import.propertyFor", { column: column.header })}
              data={[
                { group: t("import.otherwise"), items: [{ value: LEFT_OUT, label: t("import.leaveOut") }, ...(mayCreate ? [{ value: CREATE, label: t("import.createProperty") }] : [])] },
                { group: t("import.properties"), items: choices },
              ]}
              value={mapping[column.header] ?? LEFT_OUT}
              onChange={(choice) => choose(column, choice)}
              searchable
              nothingFoundMessage={t("value.nothingFound")}
            />
          ),
        },
        {
          title: t("import.check"),
          width: "260px",
          cell: (column) => {
            const property = mapping[column.header] ?? null;
            const label = properties.find(({ name }) => name === property)?.label ?? column.header;
            return <Check column={column} property={property} label={label} clash={clash.has(column.header)} rows={preview.rowsSampled} />;
          },
        },
      ]}
    />
  );
}

function Check({ column, property, label, clash, rows }: { column: PreviewColumn; property: string | null; label: string; clash: boolean; rows: number }) {
  const { t } = useTranslation("records");
  const reason = useReason();
  const formats = useFormats();
  if (clash) return <Line tone="error" text={t("import.twice")} />;
  if (property === null) return <Line tone="none" text={t("import.leftOut")} />;
  if (column.unknownOptions.length > 0) return <Line tone="warning" text={t("import.unknownOptions", { options: column.unknownOptions.slice(0, 4).join(", ") })} />;
  const [first] = column.problems;
  if (first) {
    return (
      <div>
        <Line tone="warning" text={t("import.badCells", { count: column.problemCount, shown: formats.number(column.problemCount), rows: formats.number(rows) })} />
        <Text size="xs" c="dimmed">
          {t("import.atLine", { line: first.line, message: reason({ ...first, property: label }) })}
        </Text>
      </div>
    );
  }
  return <Line tone="good" text={t("import.filled", { count: column.filled, shown: formats.number(column.filled), rows: formats.number(rows) })} />;
}

function Line({ tone, text }: { tone: "good" | "warning" | "error" | "none"; text: string }) {
  const Icon = tone === "good" ? CheckIcon : tone === "none" ? MinusIcon : WarningIcon;
  return (
    <span className={classes.line} data-tone={tone}>
      <Icon size={14} aria-hidden />
      {text}
    </span>
  );
}
