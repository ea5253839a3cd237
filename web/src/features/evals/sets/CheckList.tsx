import { ActionIcon, Autocomplete, Button, NumberInput, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CloseIcon, PlusIcon } from "@/design/icons";
import type { OutputSpec } from "@/features/editor/model/types";
import classes from "../evals.module.css";
import { type CheckDraft, type CheckKind, KINDS, newDraft } from "./checks";

interface Props {
  checks: readonly CheckDraft[];
  /** What the step answers. */
  fields: readonly OutputSpec[];
  onChange: (checks: CheckDraft[]) => void;
  /** The server's words about the check at a position. */
  errorAt: (index: number) => string | undefined;
}

/** The checks of a case, to be added, changed and taken away. */
export function CheckList({ checks, fields, onChange, errorAt }: Props) {
  const { t } = useTranslation("evals");
  const put = (index: number, next: CheckDraft) => onChange(checks.map((one, at) => (at === index ? next : one)));
  return (
    <div className={classes.checks} role="group" aria-label={t("check.list")}>
      {checks.map((check, index) => (
        <CheckCard
          key={check.key}
          number={index + 1}
          check={check}
          fields={fields}
          onChange={(next) => put(index, next)}
          onRemove={checks.length > 1 ? () => onChange(checks.filter((_, at) => at !== index)) : undefined}
          error={errorAt(index)}
        />
      ))}
      <Button variant="subtle" size="xs" leftSection={<PlusIcon size={14} />} className={classes.addCheck} onClick={() => onChange([...checks, newDraft(checks.at(-1)?.field ?? fields[0]?.name ?? "text")])}>
        {t("check.add")}
      </Button>
    </div>
  );
}

interface CardProps {
  number: number;
  check: CheckDraft;
  fields: readonly OutputSpec[];
  onChange: (next: CheckDraft) => void;
  onRemove: (() => void) | undefined;
  error: string | undefined;
}

function CheckCard({ number, check, fields, onChange, onRemove, error }: CardProps) {
  const { t } = useTranslation("evals");
  const names = fields.map(({ name, label }) => ({ value: name, label: label || name }));
  // A field that the step no longer puts out stays what the check is about, until somebody chooses another.
  if (check.field && !fields.some(({ name }) => name === check.field)) names.push({ value: check.field, label: check.field });
  return (
    <div className={classes.check} role="group" aria-label={t("check.numbered", { number })}>
      <div className={classes.checkLine}>
        <Select aria-label={t("check.field", { number })} data={names} value={check.field} onChange={(field) => onChange({ ...check, field: field ?? check.field })} allowDeselect={false} />
        <Select
          aria-label={t("check.kind", { number })}
          data={KINDS.map((kind) => ({ value: kind, label: t(`check.kinds.${kind}`) }))}
          value={check.kind}
          onChange={(kind) => onChange({ ...check, kind: (kind ?? check.kind) as CheckKind })}
          allowDeselect={false}
        />
        <ActionIcon variant="subtle" color="gray" aria-label={t("check.remove", { number })} disabled={!onRemove} onClick={onRemove}>
          <CloseIcon size={16} />
        </ActionIcon>
      </div>
      <Expected number={number} check={check} output={fields.find(({ name }) => name === check.field)} onChange={onChange} error={error} />
    </div>
  );
}

interface ExpectedProps {
  number: number;
  check: CheckDraft;
  output: OutputSpec | undefined;
  onChange: (next: CheckDraft) => void;
  error: string | undefined;
}

/** What the field has to be, in the input that fits the kind of check. */
function Expected({ number, check, output, onChange, error }: ExpectedProps) {
  const { t } = useTranslation("evals");
  const options = output?.options.map(({ value }) => value) ?? (output?.type === "bool" ? ["true", "false"] : []);
  const shared = { "aria-label": t("check.expected", { number }), error };
  const text = (next: string) => onChange({ ...check, text: next });
  switch (check.kind) {
    case "one_of":
      return <TagsInput {...shared} data={options} placeholder={check.values.length ? undefined : t("check.hint.one_of")} value={check.values} onChange={(values) => onChange({ ...check, values })} acceptValueOnBlur />;
    case "within":
      return (
        <div className={classes.bounds}>
          <NumberInput aria-label={t("check.low", { number })} placeholder={t("check.lowHint")} value={check.low} onChange={(low) => onChange({ ...check, low: low === "" ? "" : Number(low) })} error={error} />
          <span aria-hidden>–</span>
          <NumberInput aria-label={t("check.high", { number })} placeholder={t("check.highHint")} value={check.high} onChange={(high) => onChange({ ...check, high: high === "" ? "" : Number(high) })} />
        </div>
      );
    case "matches":
      return <TextInput {...shared} placeholder={t("check.hint.matches")} classNames={{ input: "mono" }} value={check.text} onChange={(event) => text(event.currentTarget.value)} autoComplete="off" spellCheck={false} />;
    case "judge":
      return <Textarea {...shared} autosize minRows={2} maxRows={8} placeholder={t("check.hint.judge")} value={check.text} onChange={(event) => text(event.currentTarget.value)} />;
    default:
      return options.length > 0 ? (
        <Autocomplete {...shared} data={options} placeholder={t(`check.hint.${check.kind}`)} value={check.text} onChange={text} />
      ) : (
        <TextInput {...shared} placeholder={t(`check.hint.${check.kind}`)} value={check.text} onChange={(event) => text(event.currentTarget.value)} autoComplete="off" />
      );
  }
}
