import { Button } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import { CopyIcon, LockedIcon, PlusIcon } from "@/design/icons";
import { useFocusAdded } from "../focus-added";
import { ConditionRow } from "./ConditionRow";
import type { FilterField } from "./fields";
import classes from "./FilterBuilder.module.css";
import { copyOf, type Group, type Item, isWhole, newCondition, newGroup, type Tree } from "./model";
import { useTreeDraft } from "./use-tree-draft";

interface Props {
  /** HubSpot's filterBranch, null for no filter. */
  value: JsonObject | null;
  /** Gets the document whenever what is filled in changes; null when nothing is left. */
  onChange: (next: JsonObject | null) => void;
  fields: readonly FilterField[];
  disabled?: boolean;
  /** Names the whole thing for screen readers: "Conditions of path Urgent". */
  label: string;
  /** Shown under the conditions, such as the number of records that match now. */
  footer?: ReactNode;
  /** The time zone that days are meant in; the viewer's by default. */
  zone?: string;
  /** The server's words about a condition, by its place (group, item). */
  problemOf?: (group: number, item: number) => string | undefined;
}

const viewersZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Conditions in groups: all of a group have to be met, of the groups one. The JSON is the server's own filter grammar. */
export function FilterBuilder({ value, onChange, fields, disabled, label, footer, zone, problemOf }: Props) {
  const { t } = useTranslation("filters");
  const days = useMemo(() => zone ?? viewersZone(), [zone]);
  const [tree, change] = useTreeDraft(value, onChange, days);
  const shown: Tree = tree.groups.length === 0 ? { groups: [] } : tree;

  const { list, added, removed } = useFocusAdded<HTMLDivElement>();

  const setGroup = (index: number, group: Group) => {
    if (group.items.length < (shown.groups[index]?.items.length ?? 0)) removed();
    change({ groups: group.items.length === 0 ? shown.groups.filter((_, at) => at !== index) : shown.groups.map((one, at) => (at === index ? group : one)) });
  };

  return (
    <div ref={list} className={classes.builder} role="group" aria-label={label}>
      {shown.groups.map((group, index) => (
        <div key={group.id}>
          {index > 0 && <div className={classes.or}>{t("join.or")}</div>}
          <GroupCard
            group={group}
            number={index + 1}
            fields={fields}
            disabled={disabled}
            problemOf={(item) => problemOf?.(index, item)}
            onChange={(next) => setGroup(index, next)}
            onCopy={() => change({ groups: shown.groups.toSpliced(index + 1, 0, { id: copyOf(newCondition()).id, items: group.items.map(copyOf) }) })}
          />
        </div>
      ))}
      {!disabled && (
        <Button
          variant="subtle"
          leftSection={<PlusIcon size={14} />}
          className={classes.add}
          data-add
          onClick={() => {
            added();
            change({ groups: [...shown.groups, newGroup()] });
          }}
        >
          {shown.groups.length === 0 ? t("group.addFirst") : t("group.add")}
        </Button>
      )}
      {footer}
    </div>
  );
}

interface GroupProps {
  group: Group;
  number: number;
  fields: readonly FilterField[];
  disabled?: boolean;
  problemOf: (item: number) => string | undefined;
  onChange: (next: Group) => void;
  onCopy: () => void;
}

function GroupCard({ group, number, fields, disabled, problemOf, onChange, onCopy }: GroupProps) {
  const { t } = useTranslation("filters");
  const { list, added } = useFocusAdded<HTMLElement>();
  const setItem = (index: number, item: Item | undefined) =>
    onChange({ ...group, items: item ? group.items.map((one, at) => (at === index ? item : one)) : group.items.filter((_, at) => at !== index) });
  return (
    <section ref={list} className={classes.group} aria-label={t("group.name", { number })}>
      {group.items.map((item, index) => (
        <div key={item.id}>
          {index > 0 && <div className={classes.and}>{t("join.and")}</div>}
          {item.kind === "condition" ? (
            <ConditionRow
              condition={item}
              fields={fields}
              disabled={disabled}
              error={isWhole(item) ? problemOf(index) : undefined}
              onChange={(next) => setItem(index, next)}
              onRemove={() => setItem(index, undefined)}
            />
          ) : (
            <KeptRow raw={item.raw} />
          )}
        </div>
      ))}
      {!disabled && (
        <div className={classes.groupFoot}>
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<PlusIcon size={14} />}
            onClick={() => {
              added();
              onChange({ ...group, items: [...group.items, newCondition()] });
            }}
          >
            {t("condition.add")}
          </Button>
          <Button variant="subtle" color="gray" size="compact-xs" leftSection={<CopyIcon size={14} />} onClick={onCopy}>
            {t("group.copy")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** A filter that only its own system understands: shown as it is, kept as it is. */
function KeptRow({ raw }: { raw: JsonObject }) {
  const { t } = useTranslation("filters");
  return (
    <div className={classes.kept}>
      <LockedIcon size={14} aria-hidden />
      <div>
        <div>{t("kept.title")}</div>
        <details>
          <summary>{t("kept.show")}</summary>
          <pre>{JSON.stringify(raw, null, 2)}</pre>
        </details>
      </div>
    </div>
  );
}
