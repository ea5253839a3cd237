import { useTranslation } from "react-i18next";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { type Batch, isOver } from "./queries";

const TONE: Partial<Record<Batch["state"], Tone>> = { done: "success", failed: "error", canceled: "neutral" };

/** Where a batch stands. */
export function BatchState({ batch }: { batch: Batch }) {
  const { t } = useTranslation("runs");
  const ending = batch.cancelAsked && !isOver(batch);
  return <StatusPill tone={TONE[batch.state] ?? "accent"}>{t(ending ? "batches.page.canceling" : `batches.state.${batch.state}`)}</StatusPill>;
}
