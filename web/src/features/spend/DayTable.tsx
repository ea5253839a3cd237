import { Collapse, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { DownIcon, NextIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { SimpleTable } from "@/ui/SimpleTable";
import classes from "./SpendPage.module.css";

interface Props<Day extends { day: string }> {
  days: readonly Day[];
  columns: readonly { title: string; cell: (day: Day) => string }[];
}

/** The figures of a chart as a table, the newest day first; folded away until it is wanted. */
export function DayTable<Day extends { day: string }>({ days, columns }: Props<Day>) {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <>
      <UnstyledButton className={classes.unfold} onClick={toggle} aria-expanded={opened}>
        {opened ? <DownIcon size={14} aria-hidden /> : <NextIcon size={14} aria-hidden />}
        {t(opened ? "table.hide" : "table.show")}
      </UnstyledButton>
      <Collapse expanded={opened}>
        {opened && (
          <SimpleTable narrow="scroll"
            label={t("table.label")}
            rows={days.toReversed()}
            rowKey={(day) => day.day}
            columns={[
              { title: t("column.day"), cell: (day: Day) => formats.day(`${day.day}T12:00:00`) },
              ...columns.map(({ title, cell }) => ({ title, cell, align: "end" as const })),
            ]}
          />
        )}
      </Collapse>
    </>
  );
}
