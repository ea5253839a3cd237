import type { Json } from "@/api/json";
import classes from "./panel.module.css";

interface Props {
  title: string;
  values: Record<string, unknown>;
  /** Names that are shown elsewhere. */
  leaveOut?: readonly string[];
}

/** Named values, as text: nothing of a record or an answer is ever taken for markup. */
export function Values({ title, values, leaveOut = [] }: Props) {
  const shown = Object.entries(values).filter(([name, value]) => !leaveOut.includes(name) && value !== null && value !== "");
  if (shown.length === 0) return null;
  return (
    <section>
      <h3 className={classes.label}>{title}</h3>
      <dl className={classes.values}>
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{name.replace(/^hs_/, "").replaceAll("_", " ")}</dt>
            <dd>{asText(value as Json)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
