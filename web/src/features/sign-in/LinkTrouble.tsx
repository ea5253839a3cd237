import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { sessionQuery } from "@/api/session";
import { LinkButton } from "@/ui/LinkButton";
import { Problem } from "./Problem";
import { SignInFrame } from "./SignInFrame";

interface Props {
  error?: unknown;
  onRetry?: () => void;
}

/** A link that does not open: why that may be, and whom to ask; or what else went wrong, with another try. */
export function LinkTrouble({ error, onRetry }: Props) {
  const { t } = useTranslation("sign-in");
  const { data: session } = useQuery(sessionQuery);
  const problem = error === undefined ? undefined : asProblem(error);
  if (problem && problem.code !== "LINK_INVALID") {
    return (
      <SignInFrame title={t("link.failed")}>
        <Problem error={problem} />
        {onRetry && (
          <Group mt="md">
            <Button size="sm" onClick={onRetry}>
              {t("ui:action.retry")}
            </Button>
          </Group>
        )}
      </SignInFrame>
    );
  }
  return (
    <SignInFrame title={t("link.invalid")} text={t("link.invalidText")}>
      <LinkButton to={session?.signedIn ? "/" : "/sign-in"} size="sm">
        {t(session?.signedIn ? "link.goOn" : "link.toSignIn")}
      </LinkButton>
    </SignInFrame>
  );
}
