import { Button, CopyButton, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CheckIcon, CopyIcon } from "@/design/icons";
import classes from "./Copyable.module.css";

/** A text that belongs elsewhere, with a button that copies it. */
export function Copyable({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <code className={classes.text}>{text}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} leftSection={copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}>
            {t(copied ? "action.copied" : "action.copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
