import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "../evals.module.css";
import type { Confusion } from "../queries";

interface Props {
  confusion: Confusion;
  /** The field as people call it. */
  label: string;
  /** An answer as people call it. */
  said: (value: string) => string;
}

/** What was expected of a field, row by row, against what came. */
export function ConfusionTable({ confusion, label, said }: Props) {
  const { t } = useTranslation("evals");
  const title = t("confusion.title", { field: label });
  return (
    <section>
      <Title order={3} mb={4}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("confusion.explain")}
      </Text>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={title}>
        <table className={classes.confusion}>
          <thead>
            <tr>
              <th scope="col">{t("column.expected")}</th>
              {confusion.got.map((name) => (
                <th key={name} scope="col">
                  {said(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {confusion.expected.map((name, row) => (
              <tr key={name}>
                <th scope="row">{said(name)}</th>
                {confusion.got.map((got, column) => {
                  const count = confusion.counts[row]?.[column] ?? 0;
                  return (
                    <td key={got} data-right={(count > 0 && got === name) || undefined} data-wrong={(count > 0 && got !== name) || undefined}>
                      {count || ""}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
