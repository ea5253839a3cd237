import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "../evals.module.css";
import type { Confusion } from "../queries";

/** What was expected of a field, row by row, against what came. */
export function ConfusionTable({ confusion }: { confusion: Confusion }) {
  const { t } = useTranslation("evals");
  return (
    <section>
      <Title order={3} mb={4}>
        {t("confusion.title", { field: confusion.field })}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("confusion.explain")}
      </Text>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={t("confusion.title", { field: confusion.field })}>
        <table className={classes.confusion}>
          <thead>
            <tr>
              <th scope="col">{t("column.expected")}</th>
              {confusion.got.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {confusion.expected.map((name, row) => (
              <tr key={name}>
                <th scope="row">{name}</th>
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
