import { ActionIcon, Select, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CloseIcon } from "@/design/icons";
import type { FilterField } from "./fields";
import classes from "./FilterBuilder.module.css";
import { type Condition, withOperator, withProperty } from "./model";
import { type Input, type OperatorId, operatorOf, operatorsFor } from "./operators";
import { PropertySelect } from "./PropertySelect";
import { ValueInput } from "./ValueInput";

interface Props {
  condition: Condition;
  fields: readonly FilterField[];
  onChange: (next: Condition) => void;
  onRemove: () => void;
  disabled?: boolean;
  error?: string;
}

/** One condition: which property, how it is compared, with what. */
export function ConditionRow({ condition, fields, onChange, onRemove, disabled, error }: Props) {
  const { t } = useTranslation("filters");
  const field = fields.find((one) => one.name === condition.property) ?? strayField(condition);
  const operators = field ? operatorsFor(field) : [];
  const chosen = operatorOf(condition.operator);
  // An operator that the property's type no longer offers stays in the list while it is chosen.
  const offered = chosen && !operators.includes(chosen) ? [...operators, chosen] : operators;
  return (
    <div className={classes.condition}>
      <div className={classes.property} data-alone={disabled || undefined}>
        <PropertySelect
          fields={fields}
          value={condition.property}
          onChange={(next) => onChange(withProperty(condition, next))}
          disabled={disabled}
          error={error}
        />
        {!disabled && (
          <Tooltip label={t("condition.remove")}>
            <ActionIcon aria-label={t("condition.removeOf", { property: field?.label ?? t("property.label") })} onClick={onRemove}>
              <CloseIcon size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {field && (
        <div className={classes.test} data-wide={chosen !== undefined && WIDE.includes(chosen.input)}>
          <Select
            aria-label={t("operator.of", { property: field.label })}
            data={offered.map(({ id }) => ({ value: id, label: t(`operator.${id}`) }))}
            value={condition.operator || null}
            onChange={(id) => id && onChange(withOperator(condition, id as OperatorId))}
            disabled={disabled}
            maxDropdownHeight={320}
          />
          {chosen && <ValueInput field={field} operator={chosen} values={condition.values} onChange={(values) => onChange({ ...condition, values })} disabled={disabled} />}
        </div>
      )}
    </div>
  );
}

/** Inputs that need the line for themselves, or whose operators have long names. */
const WIDE: readonly Input[] = ["days", "numbers", "count"];

/** A stand-in for a property that is gone, so that its condition can still be read and removed. */
function strayField(condition: Condition): FilterField | undefined {
  if (!condition.property) return undefined;
  return { name: condition.property, label: condition.property, group: "", type: "string", multiple: false, options: [] };
}
