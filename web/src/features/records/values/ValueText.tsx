import type { PropertyDefinition } from "@/api/properties";
import { useTranslation } from "react-i18next";
import { ExternalIcon, MailIcon } from "@/design/icons";
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
/** A scheme, or a text with spaces: nothing that leads anywhere by https. A port (`example.com:8443`) is no scheme. */
const NO_ADDRESS = /\s|^[a-z][a-z0-9+-]*:(?!\d)/i;

/** A value of a property, shown after its type. */
export function ValueText({ property, value, compact = false }: Props) {
  const { t } = useTranslation("records");
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
  if (!compact && (kind === "email" || (kind === "link" && (SAFE_LINK.test(value) || !NO_ADDRESS.test(value))))) {
    const href = kind === "email" ? `mailto:${value}` : SAFE_LINK.test(value) ? value : `https://${value}`;
    return (
      <>
        {value}
        <a className={classes.go} href={href} target="_blank" rel="noreferrer noopener" aria-label={t(kind === "email" ? "value.writeTo" : "value.open", { value })}>
          {kind === "email" ? <MailIcon size={13} aria-hidden /> : <ExternalIcon size={13} aria-hidden />}
        </a>
      </>
    );
  }
  if (!compact && kind === "longText") return <span className={classes.long}>{value}</span>;
  return <>{text(property, value)}</>;
}
