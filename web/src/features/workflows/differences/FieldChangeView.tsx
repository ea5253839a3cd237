import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import classes from "./Differences.module.css";
import { readable, type Words } from "./readable";
import { diffText } from "./text-diff";
import { TextDiff } from "./TextDiff";
import type { FieldChange } from "./types";

interface Props {
  label: string;
  field: FieldChange;
  words: Words;
}

/** Up to so many characters two values are shown side by side instead of woven into each other. */
const SHORT = 60;

/** One field with what it said and what it says. */
export function FieldChangeView({ label, field, words }: Props) {
  const { t } = useTranslation("workflows");
  const [before, after] = useMemo(() => texts(field, words), [field, words]);
  const short = before.length <= SHORT && after.length <= SHORT && !`${before}${after}`.includes("\n") && !isReworded(before, after);

  return (
    <div>
      <div className={classes.label}>{label}</div>
      {short && before !== "" && after !== "" ? (
        <div className={classes.short}>
          <del className={classes.removed}>{before}</del>
          <span aria-hidden>→</span>
          <ins className={classes.added}>{after}</ins>
        </div>
      ) : before === "" && after === "" ? (
        <div className={classes.short}>{t("differences.nothing")}</div>
      ) : (
        <TextDiff before={before} after={after} />
      )}
    </div>
  );
}

/** Whether the same sentence has other words: those are shown then, and not the whole of it twice. */
function isReworded(before: string, after: string): boolean {
  if (!before.includes(" ") || !after.includes(" ")) return false;
  return diffText(before, after).some(({ kind, text }) => kind === "same" && /\p{L}{2}/u.test(text));
}

/** Both values as people read them; as they are stored where the reading would hide what differs. */
function texts(field: FieldChange, words: Words): [string, string] {
  const pair = [field.before, field.after].map((value) => readable(field.path, value, words));
  const [before = "", after = ""] = pair;
  if (before !== after) return [before, after];
  return [stored(field.before), stored(field.after)];
}

function stored(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
