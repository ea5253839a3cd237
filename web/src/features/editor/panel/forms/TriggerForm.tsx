import { Radio, Stack, Switch } from "@mantine/core";
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { isObject, type JsonObject } from "@/api/json";
import { FilterBuilder } from "@/ui/filter-builder/FilterBuilder";
import { MatchCount } from "@/ui/filter-builder/MatchCount";
import { Section } from "./FormSection";
import { useHeldBack } from "./held-back";
import { type CriteriaKind, kindOf, startCriteria, writeEvents, writeReEnrollment } from "./criteria";
import { EventList } from "./EventList";
import { useEditor } from "../../store/context";
import { isUnder } from "../../store/problems";
import { useFocusField } from "./focus-field";
import classes from "./forms.module.css";
import { useRecordFields } from "./record-fields";

const KINDS: readonly Exclude<CriteriaKind, "OTHER">[] = ["LIST_BASED", "EVENT_BASED", "MANUAL"];
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const EMPTY_FILTER: JsonObject = { filterBranchType: "OR", filterBranchOperator: "OR", filters: [], filterBranches: [] };

/** Set up enrollment triggers: which records come in, when, and whether they may come again. */
export function TriggerForm() {
  const { t } = useTranslation("forms");
  const form = useRef<HTMLDivElement>(null);
  useFocusField(form);
  const edit = useEditor((state) => state.edit);
  const disabled = useEditor((state) => state.readOnly);
  const criteria = useEditor((state) => state.document.enrollmentCriteria) ?? undefined;
  const { isHeld, watch } = useHeldBack(null);
  const problems = useEditor(useShallow((state) => state.problems.filter((problem) => problem.actionId === null && isUnder(problem.path, "enrollmentCriteria")))).filter((problem) => !isHeld(problem));
  const { objectType, fields } = useRecordFields();
  const kind = kindOf(criteria);
  // Criteria of the kinds that were left are kept while the form is open, so that looking around loses nothing.
  const left = useRef<Partial<Record<CriteriaKind, JsonObject>>>({});

  const write = useCallback(
    (next: JsonObject, mergeKey: string) => edit((document) => ({ ...document, enrollmentCriteria: next }), { mergeKey: `trigger:${mergeKey}` }),
    [edit],
  );
  const set = (changes: JsonObject, mergeKey: string) => write({ ...(criteria ?? startCriteria("MANUAL", undefined)), ...changes }, mergeKey);
  const choose = (next: CriteriaKind) => {
    if (criteria) left.current[kind] = criteria;
    write(left.current[next] ?? startCriteria(next, criteria), `kind ${next}`);
  };
  const filterOf = (name: string): JsonObject | null => {
    const raw = criteria?.[name];
    return isObject(raw) ? raw : null;
  };
  const listFilter = filterOf("listFilterBranch");
  const refinement = filterOf("refinementCriteria");
  const count = (filter: JsonObject | null) => <MatchCount objectType={objectType} filter={isEmpty(filter) ? null : filter} />;

  return (
    <div ref={form} className={classes.form} {...watch}>
      {kind === "OTHER" ? (
        <p className={classes.plain}>{t("trigger.other", { type: String(criteria?.type) })}</p>
      ) : (
        <Radio.Group label={t("trigger.when")} value={kind} onChange={(next) => choose(next as CriteriaKind)} readOnly={disabled}>
          <Stack gap="sm" mt="xs">
            {KINDS.map((one) => (
              <Radio key={one} value={one} label={t(`trigger.kind.${one}`)} description={t(`trigger.about.${one}`)} disabled={disabled} size="sm" />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {problems.map((problem) => (
        <div key={problem.path + problem.code} className={classes.notice} role="note">
          {problem.message}
        </div>
      ))}
      {kind === "LIST_BASED" && (
        <Section title={t("trigger.filters")} field="enrollmentCriteria.listFilterBranch">
          <FilterBuilder label={t("trigger.filters")} value={listFilter} onChange={(next) => set({ listFilterBranch: next ?? EMPTY_FILTER }, "filter")} fields={fields} disabled={disabled} footer={count(listFilter)} />
        </Section>
      )}
      {kind === "EVENT_BASED" && (
        <>
          <Section title={t("trigger.events")} field="enrollmentCriteria.eventFilterBranches">
            <EventList branches={criteria?.eventFilterBranches} onChange={(events) => set({ eventFilterBranches: writeEvents(events, zone()) }, "events")} withCreated disabled={disabled} />
          </Section>
          <Section title={t("trigger.refine")} hint={t("trigger.refineHelp")} field="enrollmentCriteria.refinementCriteria">
            <FilterBuilder label={t("trigger.refine")} value={refinement} onChange={(next) => set({ refinementCriteria: next }, "refinement")} fields={fields} disabled={disabled} footer={count(refinement)} />
          </Section>
        </>
      )}
      {kind !== "OTHER" && (
        <Section title={t("trigger.again")} field="enrollmentCriteria.shouldReEnroll">
          <Switch
            label={t("trigger.reEnroll")}
            description={t(`trigger.reEnrollAbout.${kind}`)}
            checked={criteria?.shouldReEnroll === true}
            onChange={(event) => set({ shouldReEnroll: event.currentTarget.checked }, "shouldReEnroll")}
            disabled={disabled}
          />
          {kind === "LIST_BASED" && criteria?.shouldReEnroll === true && (
            <EventList
              branches={criteria.reEnrollmentTriggersFilterBranches}
              onChange={(events) => set({ reEnrollmentTriggersFilterBranches: writeReEnrollment(events, zone()) }, "re-enrollment")}
              withCreated={false}
              disabled={disabled}
            />
          )}
        </Section>
      )}
    </div>
  );
}

function isEmpty(filter: JsonObject | null): boolean {
  const holds = (list: unknown) => Array.isArray(list) && list.length > 0;
  return filter === null || (!holds(filter.filters) && !holds(filter.filterBranches));
}
