import { ActionIcon, Button, Menu, Select, Tooltip } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { sameJson, type Json } from "@/api/json";
import { CloseIcon, PlusIcon } from "@/design/icons";
import { withOperator } from "@/ui/filter-builder/model";
import { type OperatorId, operatorOf, operatorsFor } from "@/ui/filter-builder/operators";
import { useFocusAdded } from "@/ui/focus-added";
import { PropertySelect } from "@/ui/filter-builder/PropertySelect";
import { ValueInput } from "@/ui/filter-builder/ValueInput";
import { changedTo, emptyTest, type EventTrigger, readEvents } from "./criteria";
import classes from "./forms.module.css";
import { useRecordFields } from "./record-fields";

interface Props {
  /** The branches as they stand in the document. */
  branches: Json | undefined;
  onChange: (events: readonly EventTrigger[]) => void;
  /** Whether "a record is created" can be chosen. */
  withCreated: boolean;
  disabled: boolean;
}

/** Events of which one is enough: a record made, a property changed. */
export function EventList({ branches, onChange, withCreated, disabled }: Props) {
  const { t } = useTranslation("forms");
  const [events, setEvents] = useState(() => readEvents(branches));
  const shown = useRef(branches);
  useEffect(() => {
    if (sameJson(shown.current, branches)) return;
    shown.current = branches;
    // What came from here is not read back, or a half-filled event would be lost while it is filled in.
    setEvents((now) => (readEvents(branches).length === now.filter(isFilled).length ? now : readEvents(branches)));
  }, [branches]);
  const change = (next: EventTrigger[]) => {
    setEvents(next);
    onChange(next);
  };
  const { list, added, removed } = useFocusAdded<HTMLDivElement>();
  const add = (event: EventTrigger) => {
    added();
    change([...events, event]);
  };
  const remove = (index: number) => {
    removed();
    change(events.toSpliced(index, 1));
  };
  const hasCreated = events.some((event) => event.kind === "created");

  return (
    <div ref={list} className={classes.paths}>
      {events.map((event, index) => (
        <EventRow key={index} event={event} onChange={(next) => change(events.with(index, next))} onRemove={() => remove(index)} disabled={disabled} />
      ))}
      {!disabled && (
        <div>
          {withCreated && !hasCreated ? (
            <Menu position="bottom-start">
              <Menu.Target>
                <Button data-add variant="subtle" className={classes.add} leftSection={<PlusIcon size={14} />}>
                  {t("trigger.addEvent")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => add({ kind: "created" })}>{t("trigger.created")}</Menu.Item>
                <Menu.Item onClick={() => add(changedTo(""))}>{t("trigger.changed")}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          ) : (
            <Button data-add variant="subtle" className={classes.add} leftSection={<PlusIcon size={14} />} onClick={() => add(changedTo(""))}>
              {t("trigger.addChange")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

const isFilled = (event: EventTrigger) => event.kind !== "changed" || event.property !== "";

const ANY = "any";

function EventRow({ event, onChange, onRemove, disabled }: { event: EventTrigger; onChange: (next: EventTrigger) => void; onRemove: () => void; disabled: boolean }) {
  const { t } = useTranslation("forms");
  const { fields } = useRecordFields();
  const remove = !disabled && (
    <Tooltip label={t("trigger.removeEvent")}>
      <ActionIcon aria-label={t("trigger.removeEvent")} onClick={onRemove}>
        <CloseIcon size={16} />
      </ActionIcon>
    </Tooltip>
  );
  if (event.kind !== "changed") {
    return (
      <div className={classes.path}>
        <div className={classes.row}>
          <span>{event.kind === "created" ? t("trigger.created") : t("trigger.keptEvent")}</span>
          {remove}
        </div>
      </div>
    );
  }
  const field = fields.find((one) => one.name === event.property);
  const operator = event.to && operatorOf(event.to.operator);
  return (
    <div className={classes.path} role="group" aria-label={t("trigger.changeOf", { property: field?.label ?? event.property })}>
      <div className={classes.row}>
        <PropertySelect label={t("trigger.changed")} fields={fields} value={event.property} onChange={(next) => onChange(changedTo(next.name))} disabled={disabled} />
        {remove}
      </div>
      {field && (
        <div className={classes.change}>
          <Select
            aria-label={t("trigger.toWhat")}
            data={[{ value: ANY, label: t("trigger.anyValue") }, ...operatorsFor(field).map(({ id }) => ({ value: id, label: t(`filters:operator.${id}`) }))]}
            value={event.to?.operator || ANY}
            onChange={(next) => {
              const to = next === ANY || next === null ? null : withOperator(event.to ?? emptyTest(event.property), next as OperatorId);
              onChange({ kind: "changed", property: event.property, to });
            }}
            disabled={disabled}
          />
          {event.to && operator && <ValueInput field={field} operator={operator} values={event.to.values} onChange={(values) => onChange({ kind: "changed", property: event.property, to: event.to && { ...event.to, values } })} disabled={disabled} />}
        </div>
      )}
    </div>
  );
}
