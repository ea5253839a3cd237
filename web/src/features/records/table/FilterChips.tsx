import { CloseButton } from "@mantine/core";
import { Fragment, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import type { FilterField } from "@/ui/filter-builder/fields";
import { readTree, type Tree, writeTree } from "@/ui/filter-builder/model";
import { useDescribeFilter } from "@/ui/filter-builder/use-describe";
import classes from "./Toolbar.module.css";

interface Props {
  filter: JsonObject | null;
  fields: readonly FilterField[];
  onChange: (filter: JsonObject | null) => void;
  onOpen: () => void;
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The filter as sentences: one for each condition, or one for each group where there are several. */
export function FilterChips({ filter, fields, onChange, onOpen }: Props) {
  const { t } = useTranslation("records");
  const describe = useDescribeFilter(fields);
  const parts = useMemo(() => partsOf(readTree(filter ?? undefined)), [filter]);
  if (parts.length === 0) return null;
  const manyGroups = readTree(filter ?? undefined).groups.length > 1;
  return (
    <div className={classes.chips} role="group" aria-label={t("filter.active")}>
      {parts.map((part, index) => {
        const sentence = describe(writeTree(part.alone, zone()) ?? undefined);
        return (
          <Fragment key={sentence}>
            {manyGroups && index > 0 && <span className={classes.or}>{t("filter.or")}</span>}
            <span className={classes.chip}>
              <button type="button" className={classes.sentence} onClick={onOpen} title={sentence}>
                {sentence}
              </button>
              <CloseButton size="xs" radius="xl" mx={3} aria-label={t("filter.remove", { sentence })} onClick={() => onChange(writeTree(part.without, zone()))} />
            </span>
          </Fragment>
        );
      })}
      {parts.length > 1 && (
        <button type="button" className={classes.clear} onClick={() => onChange(null)}>
          {t("filter.clear")}
        </button>
      )}
    </div>
  );
}

interface Part {
  alone: Tree;
  without: Tree;
}

/** What can be taken away by itself: conditions of the only group, else whole groups. */
function partsOf(tree: Tree): Part[] {
  const [only] = tree.groups;
  if (tree.groups.length === 1 && only) {
    return only.items.map((item) => {
      const rest = only.items.filter((other) => other !== item);
      return { alone: { groups: [{ id: only.id, items: [item] }] }, without: { groups: rest.length === 0 ? [] : [{ id: only.id, items: rest }] } };
    });
  }
  return tree.groups.map((group) => ({ alone: { groups: [group] }, without: { groups: tree.groups.filter((other) => other !== group) } }));
}
