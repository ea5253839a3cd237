import { Radio, Stack } from "@mantine/core";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { EditorUiContext } from "../../editor-ui";
import { addErrorPath, removeErrorPath } from "../../model/error-path";
import { useEditor } from "../../store/context";
import classes from "../llm.module.css";

interface Props {
  actionId: string;
  hasPath: boolean;
  error: string | undefined;
  disabled: boolean;
}

/** Where records go whose step failed: nowhere, until somebody attends to them, or on by a path of their own. */
export function FailedRecords({ actionId, hasPath, error, disabled }: Props) {
  const { t } = useTranslation("forms");
  const edit = useEditor((state) => state.edit);
  // Beside the canvas, taking the path away asks about the steps on it.
  const ui = useContext(EditorUiContext);
  const take = (next: string) => {
    if (next === "path") edit((document) => addErrorPath(document, actionId));
    else if (ui) ui.deeds.removeErrorPath(actionId);
    else edit((document) => removeErrorPath(document, actionId));
  };
  return (
    <div className={classes.setting} data-field="error_path">
      <Radio.Group label={t("failing.records")} value={hasPath ? "path" : "stop"} onChange={take} error={error}>
        <Stack gap={8} mt={6}>
          <Radio value="stop" size="xs" label={t("failing.stop")} description={t("failing.stopHelp")} disabled={disabled} />
          <Radio value="path" size="xs" label={t("failing.path")} description={t("failing.pathHelp")} disabled={disabled} />
        </Stack>
      </Radio.Group>
    </div>
  );
}
