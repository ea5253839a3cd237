import { ActionIcon, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DeleteIcon, DownIcon, UpIcon } from "@/design/icons";
import { movePath, removePath } from "../../model/paths";
import { useEditor } from "../../store/context";
import classes from "./forms.module.css";

interface Props {
  actionId: string;
  /** The name of each path as it is shown, in order. */
  names: readonly string[];
  disabled: boolean;
  /** The field with the path's name or value. */
  head: (index: number) => ReactNode;
  /** What stands below it, such as the path's filters. */
  body?: (index: number) => ReactNode;
}

/** The paths of a branching step in the order in which they are tried. */
export function PathList({ actionId, names, disabled, head, body }: Props) {
  const { t } = useTranslation("forms");
  const edit = useEditor((state) => state.edit);
  return (
    <ol className={classes.paths}>
      {names.map((name, index) => (
        // A path has no id of its own; its place is what names it in the document.
        <li key={index} className={classes.path} aria-label={t("path.label", { number: index + 1, name })}>
          <div className={classes.pathHead}>
            {head(index)}
            {!disabled && (
              <div className={classes.pathActions}>
                {names.length > 1 && (
                  <>
                    <Tooltip label={t("path.up")}>
                      <ActionIcon size="sm" aria-label={t("path.upOf", { name })} disabled={index === 0} onClick={() => edit((document) => movePath(document, actionId, index, index - 1))}>
                        <UpIcon size={16} />
                      </ActionIcon>
                    </Tooltip>
                    <Tooltip label={t("path.down")}>
                      <ActionIcon size="sm" aria-label={t("path.downOf", { name })} disabled={index === names.length - 1} onClick={() => edit((document) => movePath(document, actionId, index, index + 1))}>
                        <DownIcon size={16} />
                      </ActionIcon>
                    </Tooltip>
                  </>
                )}
                <Tooltip label={t("path.remove")}>
                  <ActionIcon size="sm" aria-label={t("path.removeOf", { name })} onClick={() => edit((document) => removePath(document, actionId, index))}>
                    <DeleteIcon size={16} />
                  </ActionIcon>
                </Tooltip>
              </div>
            )}
          </div>
          {body?.(index)}
        </li>
      ))}
    </ol>
  );
}
