import { useTranslation } from "react-i18next";
import classes from "./caps.module.css";
import type { FlowSpending } from "./queries";

interface Props {
  steps: FlowSpending["steps"];
  /** What a step is called, such as `2. Classify`. */
  nameOf: (actionId: string) => string | undefined;
}

type Way = "wait" | "fail" | "path";

/** What happens to a workflow's records at a cap: in one sentence where all of its steps do the same. */
export function AtCap({ steps, nameOf }: Props) {
  const { t } = useTranslation("spend");
  const ways = steps.map((step) => ({ ...step, way: (step.whenCapReached === "wait" ? "wait" : step.hasErrorPath ? "path" : "fail") satisfies Way as Way }));
  const [first] = ways;
  if (!first) return <p className={classes.none}>{t("caps.atCap.nothing")}</p>;
  if (ways.every(({ way }) => way === first.way)) return <p className={classes.none}>{t(`caps.atCap.all.${first.way}`)}</p>;
  return (
    <ul className={classes.ways}>
      {ways.map(({ actionId, way }) => (
        <li key={actionId}>
          <strong>{nameOf(actionId) ?? t("caps.atCap.step", { id: actionId })}</strong> {t(`caps.atCap.one.${way}`)}
        </li>
      ))}
    </ul>
  );
}
