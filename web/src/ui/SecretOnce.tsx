import { Alert, Box, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { WarningIcon } from "@/design/icons";
import { Copyable } from "./Copyable";

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
      <Box mt="xs">
        <Copyable text={secret} />
      </Box>
    </Alert>
  );
}
