import type { PropertyDefinition } from "@/api/properties";
import { useFormats } from "@/i18n/format";
import { chosenOptions, kindOf, optionLabel } from "./kinds";
import { useValueText } from "./text";
import classes from "./values.module.css";

interface Props {
  property: PropertyDefinition;
  value: string | null | undefined;
  /** In a table's cell: one line, no links. */
  compact?: boolean;
}

const SAFE_LINK = /^https?:\/\//i;

/** A value of a property, shown after its type. */
export function ValueText({ property, value, compact = false }: Props) {
  const text = useValueText();
  const formats = useFormats();
  if (value === null || value === undefined || value === "") return null;
  const kind = kindOf(property);
  if (kind === "options") {
    return (
      <span className={classes.chips}>
        {chosenOptions(value).map((one) => (
          <span key={one} className={classes.chip}>
            {optionLabel(property, one)}
          </span>
        ))}
      </span>
    );
  }
  if (kind === "option") return <span className={classes.chip}>{optionLabel(property, value)}</span>;
  if (kind === "moment") {
    return (
      <time dateTime={value} title={Number.isNaN(Date.parse(value)) ? undefined : formats.exactMoment(value)}>
        {text(property, value)}
      </time>
    );
  }
  if (!compact && kind === "email") return <a href={`mailto:${value}`}>{value}</a>;
  if (!compact && kind === "link") {
    return (
      <a href={SAFE_LINK.test(value) ? value : `https://${value}`} target="_blank" rel="noreferrer noopener">
        {value}
      </a>
    );
  }
  if (!compact && kind === "longText") return <span className={classes.long}>{value}</span>;
  return <>{text(property, value)}</>;
}
