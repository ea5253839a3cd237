import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { CheckIcon, CopyIcon } from "@/design/icons";
import classes from "./panel.module.css";

/** A text as it was sent or received, to the letter; it scrolls where it is long. */
export function LongText({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div>
      <div className={classes.labelRow}>
        <h3 className={classes.label} id={id}>
          {title}
        </h3>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Tooltip label={t(copied ? "action.copied" : "action.copy")}>
              <ActionIcon size="sm" variant="subtle" color="gray" onClick={copy} aria-label={t("runs:copyOf", { what: title })}>
                {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
      {/* A box that scrolls is reached by the keyboard (WCAG 2.1.1). */}
      <pre className={classes.text} tabIndex={0} role="group" aria-labelledby={id}>
        {text}
      </pre>
    </div>
  );
}
