import { Button, Input, Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isObject } from "@/api/json";
import { CheckIcon, DownIcon } from "@/design/icons";
import type { WidgetProps } from "@/ui/schema-form/widget";
import schemaClasses from "@/ui/schema-form/SchemaForm.module.css";
import classes from "./forms.module.css";
import { useRecordFields } from "./record-fields";
import { type Mode, modeOf, offeredModes, startIn } from "./value-modes";
import { ModeInput } from "./ValueInputs";

/** A value and where it comes from: one field, with the source in a menu beside its label. */
export function ValueWidget({ field, label, description, value, onChange, siblings, error, disabled }: WidgetProps) {
  const { t } = useTranslation("forms");
  const { fields } = useRecordFields();
  const named = typeof field.schema.of === "string" ? siblings[field.schema.of] : undefined;
  const target = fields.find((one) => one.name === named);
  const mode = modeOf(value);
  const offered = offeredModes(field.schema.modes, target, mode);
  const invalid = mode === undefined;
  return (
    <div>
      <div className={classes.valueHead}>
        <Input.Label component="div">{label}</Input.Label>
        {offered.length > 1 && !disabled && (
          <Menu position="bottom-end" width={230}>
            <Menu.Target>
              <Button variant="subtle" color="gray" size="compact-xs" rightSection={<DownIcon size={12} aria-hidden />} aria-label={t("value.sourceOf", { field: label })}>
                {mode ? t(`value.mode.${mode}`) : t("value.mode.other")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {offered.map((one) => (
                <ModeItem key={one} mode={one} chosen={one === mode} onChoose={() => onChange(startIn(one))} />
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {invalid ? (
        <pre className={schemaClasses.raw}>{JSON.stringify(value, null, 2)}</pre>
      ) : (
        <ModeInput mode={mode} label={label} value={isObject(value) ? value : { type: mode, staticValue: value ?? "" }} onChange={onChange} target={target} error={error} disabled={disabled} />
      )}
      {error && (invalid || mode === "TIMESTAMP") && <Input.Error mt={5}>{error}</Input.Error>}
      {mode === "STATIC_VALUE" && target && <Input.Description mt={5}>{t("value.emptyClears", { property: target.label })}</Input.Description>}
      {description && !target && <Input.Description mt={5}>{description}</Input.Description>}
    </div>
  );
}

function ModeItem({ mode, chosen, onChoose }: { mode: Mode; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation("forms");
  return (
    <Menu.Item onClick={onChoose} rightSection={chosen ? <CheckIcon size={14} aria-hidden /> : undefined}>
      {t(`value.mode.${mode}`)}
    </Menu.Item>
  );
}
