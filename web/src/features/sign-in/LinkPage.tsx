import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { type LinkFragment, readFragment } from "./destination";
import { LinkTrouble } from "./LinkTrouble";
import { linkQuery, useRedeem } from "./queries";
import { RedeemForm } from "./RedeemForm";
import { SignInFrame } from "./SignInFrame";

/** What a one-time link opens: the form in which somebody chooses a password, or the way in at once. */
export function LinkPage() {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const fragment = useMemo(() => readFragment(hash), [hash]);
  return fragment ? <OpenLink key={fragment.token} fragment={fragment} /> : <LinkTrouble />;
}

function OpenLink({ fragment }: { fragment: LinkFragment }) {
  const { t } = useTranslation("sign-in");
  const { data: link, error, refetch } = useQuery(linkQuery(fragment.token));
  const late = useDelayedFlag(link === undefined && error === null);
  if (error) return <LinkTrouble error={error} onRetry={() => void refetch()} />;
  if (!link) return late ? <SignInFrame title={t("link.opening")}>{<Loader size="sm" />}</SignInFrame> : null;
  if (link.purpose === "sign_in") return <SignInAtOnce fragment={fragment} />;
  return <RedeemForm link={link} fragment={fragment} />;
}

function SignInAtOnce({ fragment }: { fragment: LinkFragment }) {
  const { t } = useTranslation("sign-in");
  const { mutate, error } = useRedeem(fragment.to);
  const begun = useRef(false); // effects run twice in development, and a link works once
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    mutate({ token: fragment.token });
  }, [mutate, fragment.token]);
  if (error) return <LinkTrouble error={error} onRetry={() => mutate({ token: fragment.token })} />;
  return <SignInFrame title={t("link.signingIn")}>{<Loader size="sm" />}</SignInFrame>;
}
