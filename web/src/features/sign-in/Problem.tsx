import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import classes from "./SignInFrame.module.css";

/** Codes that these screens have words of their own for; the server's own words are shown for every other one. */
const OWN_WORDS = new Set(["SIGN_IN_REFUSED", "RATE_LIMITED", "HTTPS_NEEDED"]);

/** Why a sign-in did not work. Refusals of single fields stand beside those fields instead. */
export function Problem({ error }: { error: unknown }) {
  const { t } = useTranslation("sign-in");
  if (error === null || error === undefined) return null;
  const problem = asProblem(error);
  if (problem.errors.length > 0) return null;
  const words = OWN_WORDS.has(problem.code)
    ? t(`refused.${problem.code}`)
    : problem.message || t("ui:error.unreachableRemedy");
  return (
    <p className={classes.problem} role="alert">
      {words}
    </p>
  );
}
