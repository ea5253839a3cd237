import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { type Fact, Facts } from "@/ui/Facts";
import { providerTitle } from "@/features/connect/providers";
import type { RunStep } from "../queries";
import { LongText } from "./LongText";
import classes from "./panel.module.css";
import { Passages } from "./Passages";
import { Sources } from "./Sources";

type Call = NonNullable<RunStep["call"]>;

/** One call of a model: exactly what was sent and what came back, and what it used. */
export function CallView({ call, detail }: { call: Call; detail: RunStep["detail"] }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const cached = Number(objectOf(detail?.tokens).cached ?? 0);
  const facts: Fact[] = [
    { name: t("fact.model"), value: call.model ?? "" },
    { name: t("fact.connection"), value: call.connectionName ?? (call.provider ? providerTitle(call.provider) : "") },
    ...(call.inputTokens !== null ? [{ name: t("fact.tokens"), value: t("tokens", { input: formats.number(call.inputTokens), output: formats.number(call.outputTokens ?? 0) }) }] : []),
    ...(call.costUsd !== null ? [{ name: t("fact.cost"), value: formats.money(Number(call.costUsd)) }] : call.inputTokens !== null ? [{ name: t("fact.cost"), value: t("noPrice") }] : []),
    ...(call.latencyMs !== null ? [{ name: t("fact.latency"), value: formats.duration(call.latencyMs / 1000) }] : []),
    ...(typeof detail?.searches === "number" ? [{ name: t("fact.searches"), value: formats.number(detail.searches) }] : []),
    ...(cached > 0 ? [{ name: t("fact.cached"), value: formats.number(cached) }] : []),
    ...(typeof detail?.saved_usd === "string" ? [{ name: t("fact.saved"), value: formats.money(Number(detail.saved_usd)) }] : []),
  ].filter(({ value }) => value !== "");
  const repair = objectOf(detail?.repair);
  const dropped = listOf(detail?.dropped).map((one) => (typeof one === "object" && one !== null && "reason" in one ? String(one.reason) : String(one)));
  const warnings = listOf(detail?.warnings).map(String);
  return (
    <>
      <Facts facts={facts} />
      {detail?.reused !== undefined && <p className={classes.note}>{t("reused")}</p>}
      {call.system && <LongText title={t("system")} text={call.system} />}
      {call.prompt && <LongText title={t("prompt")} text={call.prompt} />}
      <Passages sent={call.knowledge} />
      {typeof repair.answer === "string" && (
        <>
          <LongText title={t("firstAnswer")} text={repair.answer} />
          <p className={classes.note}>{t("repaired", { problem: String(repair.problem ?? "") })}</p>
        </>
      )}
      {call.answer && <LongText title={t("answer")} text={call.answer} />}
      <Sources found={listOf(detail?.sources)} />
      {call.notKept.length > 0 && <p className={classes.note}>{t("notKept", { parts: call.notKept.map((part) => t(`part.${part}`)).join(", ") })}</p>}
      {[...dropped, ...warnings].map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
    </>
  );
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
