import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { TokenScopeContext, type TokenChoice, type TokenGroup, type TokenScope } from "../../prompt/token-scope";
import { outputPath, RECORD } from "../../prompt/tokens";
import { useEditor } from "../../store/context";
import { type EarlierStep, offered } from "./earlier-outputs";
import { useRecordFields } from "./record-fields";
import { sampleValuesQuery, useSampleRecord } from "./sample-record";

interface Props {
  steps: readonly EarlierStep[];
  children: ReactNode;
}

/** What every record has without its type having a property of that name (the server's computed properties). */
const COMPUTED = ["hs_object_id", "createdate", "hs_lastmodifieddate"] as const;

/** Kinds of fields that hold texts of many words. */
const PROSE: ReadonlySet<string> = new Set(["textarea", "html"]);

/** Longest sample that a picker or a hint shows. */
const LONGEST = 160;

function shortened(value: string | null | undefined): string {
  if (!value) return "";
  const line = value.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** Tells the token fields inside what can be referred to at this step: the record's properties and earlier outputs. */
export function StepTokenScope({ steps, children }: Props) {
  const { t } = useTranslation("forms");
  const { objectType, fields, definitions, ready } = useRecordFields();
  const { record } = useSampleRecord(objectType);
  const { data: values } = useQuery(sampleValuesQuery(objectType, record?.id, definitions.map((property) => property.name)));
  const undo = useEditor((state) => state.undo);
  const redo = useEditor((state) => state.redo);

  const scope = useMemo<TokenScope>(() => {
    const groups: TokenGroup[] = [];
    const known = new Map<string, TokenChoice>();
    const prose = new Set(definitions.filter((property) => PROSE.has(property.fieldType)).map((property) => property.name));
    const add = (heading: string, choice: TokenChoice) => {
      known.set(choice.path, choice);
      const last = groups.at(-1);
      if (last?.label === heading) last.choices.push(choice);
      else groups.push({ label: heading, choices: [choice] });
    };
    for (const step of steps) {
      for (const output of offered(step)) {
        add(t("token.outputsOf", { step: step.title }), { path: outputPath(step.actionId, output.name), label: t("token.outputOf", { output: output.label, step: step.title }), kind: "output" });
      }
    }
    for (const field of fields) {
      add(field.group, { path: `${RECORD}.${field.name}`, label: field.label, kind: "record", ...(prose.has(field.name) ? { prose: true } : {}), ...(values ? { sample: shortened(values[field.name]) } : {}) });
    }
    for (const name of COMPUTED) {
      const path = `${RECORD}.${name}`;
      if (!known.has(path)) add(t("token.record"), { path, label: t(`token.computed.${name}`), kind: "record", ...(record && name === "hs_object_id" ? { sample: record.id } : {}) });
    }
    // Hidden properties and those of provenance are not offered, but an author who names them is not wrong.
    for (const { name, label } of definitions) if (!known.has(`${RECORD}.${name}`)) known.set(`${RECORD}.${name}`, { path: `${RECORD}.${name}`, label, kind: "record" });
    for (const step of steps) {
      for (const output of step.outputs) {
        const path = outputPath(step.actionId, output.name);
        if (!known.has(path)) known.set(path, { path, label: t("token.outputOf", { output: output.label, step: step.title }), kind: "output" });
      }
    }
    return { groups, find: (path) => known.get(path), ready, ...(record ? { sampleOf: record.name } : {}), undo, redo };
  }, [steps, fields, definitions, values, ready, record, undo, redo, t]);

  return <TokenScopeContext value={scope}>{children}</TokenScopeContext>;
}
