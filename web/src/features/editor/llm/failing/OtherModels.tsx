import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import { DeleteIcon, DownIcon, PlusIcon, UpIcon } from "@/design/icons";
import { connectedAppsQuery } from "@/features/settings/connected-apps/queries";
import type { ProblemAt } from "@/ui/schema-form/widget";
import forms from "../../panel/forms/forms.module.css";
import { useEditor } from "../../store/context";
import { ConnectionSelect } from "../ConnectionSelect";
import classes from "../llm.module.css";
import { ModelSelect } from "../ModelSelect";

interface Props {
  /** The connection of the step itself, with which a new entry begins. */
  connectionId: string;
  others: readonly JsonObject[];
  onChange: (next: JsonObject[]) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

/** The models that are asked in turn when the step's own cannot answer, each through an account of its own choice. */
export function OtherModels({ connectionId, others, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { data: apps } = useQuery(connectedAppsQuery);
  const select = useEditor((state) => state.select);
  const selection = useEditor((state) => state.selection);
  const replace = (index: number, next: JsonObject) => onChange(others.map((one, at) => (at === index ? next : one)));
  const move = (from: number, to: number) => {
    const next = [...others];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  const add = () => {
    const another = apps?.find((app) => app.id !== connectionId && app.status === "connected");
    onChange([...others, { connection_id: another?.id ?? connectionId, model: "" }]);
    select(selection, `fallbacks[${others.length}].model`);
  };
  return (
    <div className={classes.setting} data-field="fallbacks" role="group" aria-label={t("failing.others")}>
      <div className={classes.settingHead}>
        <span>{t("failing.others")}</span>
      </div>
      <div className={classes.reason}>{t("failing.othersHelp")}</div>
      {others.length > 0 && (
        <ol className={forms.paths}>
          {others.map((one, index) => (
            // An entry has no id of its own; its place is what names it in the document.
            <li key={index} className={forms.path} aria-label={t("failing.other", { number: index + 1 })}>
              <div className={classes.otherHead}>
                <span>{t("failing.other", { number: index + 1 })}</span>
                {!disabled && (
                  <div className={forms.pathActions}>
                    {others.length > 1 && (
                      <>
                        <Move label={t("path.up")} name={t("failing.up", { number: index + 1 })} disabled={index === 0} onClick={() => move(index, index - 1)} icon={<UpIcon size={16} />} />
                        <Move label={t("path.down")} name={t("failing.down", { number: index + 1 })} disabled={index === others.length - 1} onClick={() => move(index, index + 1)} icon={<DownIcon size={16} />} />
                      </>
                    )}
                    <Move label={t("failing.remove")} name={t("failing.removeOf", { number: index + 1 })} onClick={() => onChange(others.filter((_, at) => at !== index))} icon={<DeleteIcon size={16} />} />
                  </div>
                )}
              </div>
              <OtherModel at={`fallbacks[${index}]`} value={one} onChange={(next) => replace(index, next)} problemAt={problemAt} disabled={disabled} />
            </li>
          ))}
        </ol>
      )}
      {!disabled && (
        <div>
          <Button variant="subtle" size="compact-sm" className={forms.add} leftSection={<PlusIcon size={14} />} onClick={add}>
            {t("failing.add")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface OtherProps {
  /** Its path in the inputs: `fallbacks[0]`. */
  at: string;
  value: JsonObject;
  onChange: (next: JsonObject) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

function OtherModel({ at, value, onChange, problemAt, disabled }: OtherProps) {
  const { t } = useTranslation("forms");
  const connection = typeof value.connection_id === "number" ? String(value.connection_id) : typeof value.connection_id === "string" ? value.connection_id : "";
  const error = (name: string) => {
    const problem = problemAt(`${at}.${name}`, true);
    return problem?.severity === "error" ? problem.message : undefined;
  };
  return (
    <div className={classes.other}>
      <div data-field={`${at}.connection_id`}>
        <ConnectionSelect
          value={connection}
          provider=""
          onChange={({ id, moved }) => onChange({ ...value, connection_id: id, ...(moved ? { model: "" } : {}) })}
          attention={(name, detail) => t("failing.attention", { name, detail })}
          error={error("connection_id")}
          disabled={disabled}
        />
      </div>
      <div data-field={`${at}.model`}>
        <ModelSelect connectionId={connection} value={typeof value.model === "string" ? value.model : ""} onChange={(model) => onChange({ ...value, model })} error={error("model")} disabled={disabled} />
      </div>
    </div>
  );
}

interface MoveProps {
  label: string;
  name: string;
  disabled?: boolean;
  onClick: () => void;
  icon: React.ReactNode;
}

function Move({ label, name, disabled = false, onClick, icon }: MoveProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="sm" aria-label={name} disabled={disabled} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
