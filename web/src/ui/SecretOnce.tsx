import { Alert, Button, CopyButton, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CheckIcon, CopyIcon, WarningIcon } from "@/design/icons";
import classes from "./SecretOnce.module.css";

interface Props {
  /** What it is and where it belongs. */
  explanation: string;
  secret: string;
}

/** A secret that is shown this once, with a button that copies it. */
export function SecretOnce({ explanation, secret }: Props) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" icon={<WarningIcon />} title={t("secret.once")}>
      <Text size="sm">{explanation}</Text>
      <Group mt="xs" gap="xs" wrap="nowrap" align="flex-start">
        <code className={classes.secret}>{secret}</code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} leftSection={copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}>
              {t(copied ? "action.copied" : "action.copy")}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
