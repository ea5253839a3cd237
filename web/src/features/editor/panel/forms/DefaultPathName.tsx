import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { changeAction } from "../../model/edits";
import type { FlowAction } from "../../model/types";
import { useEditor } from "../../store/context";

interface Props {
  action: FlowAction;
  /** What the path is called while it has no name. */
  fallback: string;
  disabled: boolean;
}

/** The name of the path for records that take none of the others. It is always there. */
export function DefaultPathName({ action, fallback, disabled }: Props) {
  const { t } = useTranslation("forms");
  const edit = useEditor((state) => state.edit);
  return (
    <div data-field="defaultBranchName">
      <TextInput
        label={t("path.defaultName")}
        description={t("path.defaultHelp")}
        inputWrapperOrder={["label", "input", "error", "description"]}
        placeholder={fallback}
        value={action.defaultBranchName ?? ""}
        onChange={(event) => {
          const name = event.currentTarget.value;
          edit(
            (document) =>
              changeAction(document, action.actionId, (draft) => {
                if (name) draft.defaultBranchName = name;
                else delete draft.defaultBranchName;
              }),
            { mergeKey: `${action.actionId}:defaultBranchName` },
          );
        }}
        disabled={disabled}
        autoComplete="off"
      />
    </div>
  );
}
