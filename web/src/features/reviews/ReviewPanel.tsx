import { ActionIcon, Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { useSession } from "@/api/session";
import { BackIcon } from "@/design/icons";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { PageSkeleton } from "@/ui/PageSkeleton";
import { StatusPill } from "@/ui/StatusPill";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { isTyping } from "@/ui/shortcuts";
import { say, sayProblem } from "@/ui/toast";
import { RecordLink } from "../runs/RecordLink";
import { LongText } from "../runs/page/LongText";
import { Passages } from "../runs/page/Passages";
import { Sources } from "../runs/page/Sources";
import { Changes } from "./Changes";
import { FieldInput } from "./FieldInput";
import { type ReviewDetail, reviewQuery, useDecide } from "./queries";
import { TONES } from "./ReviewList";
import classes from "./reviews.module.css";
import { editsOf, useShown } from "./values";

interface Props {
  reviewId: string;
  onDecided: () => void;
  onBack: () => void;
}

/** One doubtful answer: its values to approve or write anew, the question, and what of the record changed since. */
export function ReviewPanel({ reviewId, onDecided, onBack }: Props) {
  const { t } = useTranslation("reviews");
  const { data, error, refetch } = useQuery(reviewQuery(reviewId));
  const loading = useDelayedFlag(data === undefined && !error);
  if (data === undefined) return <div className={classes.panel}>{error ? <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} /> : loading && <PageSkeleton />}</div>;
  return (
    <section className={classes.panel} aria-label={t("reviewOf", { record: data.recordName })} tabIndex={0}>
      <header className={classes.head}>
        <ActionIcon className={classes.back} aria-label={t("back")} onClick={onBack}>
          <BackIcon size={18} />
        </ActionIcon>
        <h2 className={classes.name}>
          <RecordLink objectTypeId={data.objectTypeId} recordId={data.recordId} name={data.recordName} />
        </h2>
        <StatusPill tone={TONES[data.state]}>{t(`state.${data.state}`)}</StatusPill>
        <span className={classes.where}>
          <Link to="/workflows/$flowId" params={{ flowId: data.flowId }} search={{ step: data.actionId }}>
            {data.flowName || t("runs:unnamed", { id: data.flowId })}
          </Link>
          {" · "}
          <Link to="/runs/$runId" params={{ runId: data.enrollmentId }}>
            {t("run")}
          </Link>
          {" · "}
          <Moment at={data.createdAt} relative />
        </span>
      </header>
      {data.changes.length > 0 && data.state === "WAITING" && <Changes changes={data.changes} />}
      {data.state === "WAITING" ? <Deciding review={data} onDecided={onDecided} /> : <Decided review={data} />}
      <div className={classes.question}>
        {data.system && <LongText title={t("runs:system")} text={data.system} />}
        <LongText title={t("runs:prompt")} text={data.prompt} />
        <LongText title={t("answerOf", { model: data.model })} text={data.answer} />
        <Passages sent={data.knowledge} />
        <Sources found={data.sources} />
      </div>
    </section>
  );
}

function Deciding({ review, onDecided }: { review: ReviewDetail; onDecided: () => void }) {
  const { t } = useTranslation("reviews");
  const { may } = useSession();
  const [values, setValues] = useState<Record<string, Json>>({});
  const [reason, setReason] = useState("");
  const [rejecting, setRejecting] = useState(false);
  const { mutateAsync, isPending } = useDecide();
  const decides = may("runs.operate");
  const edits = editsOf(review.fields, values);
  const edited = Object.keys(edits).length > 0;

  // Not by the callbacks of the mutation: this part is gone as soon as the review is read anew as decided.
  const decide = async (verdict: "approve" | "reject") => {
    try {
      await mutateAsync({ review, verdict, values: edits, reason });
      say(t(verdict === "reject" ? "said.REJECTED" : edited ? "said.EDITED" : "said.APPROVED", { record: review.recordName }));
      onDecided();
    } catch (error) {
      sayProblem(error, t("notDecided"));
    }
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!decides || isPending || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (event.key === "a") void decide("approve");
      else if (event.key === "r") setRejecting(true);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  return (
    <>
      <div className={classes.fields}>
        {review.fields.map((field) => (
          <FieldInput key={field.name} field={field} value={(values[field.name] ?? field.value) as Json} onChange={(value) => setValues({ ...values, [field.name]: value })} disabled={!decides || isPending} />
        ))}
      </div>
      {rejecting && <Textarea label={t("reason")} placeholder={t("reasonPlaceholder")} autosize minRows={2} maxLength={1000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus autoFocus />}
      {decides ? (
        <div className={classes.deeds}>
          {rejecting ? (
            <>
              <Button color="red" loading={isPending} onClick={() => void decide("reject")}>
                {t("rejectNow")}
              </Button>
              <Button variant="default" disabled={isPending} onClick={() => setRejecting(false)}>
                {t("ui:action.cancel")}
              </Button>
            </>
          ) : (
            <>
              <Button loading={isPending} onClick={() => void decide("approve")} aria-keyshortcuts="a">
                {t(edited ? "approveEdited" : review.changed.length > 0 ? "approveAnyway" : "approve")}
              </Button>
              <Button variant="default" disabled={isPending} onClick={() => setRejecting(true)} aria-keyshortcuts="r">
                {t("reject")}
              </Button>
              <span className={classes.keys} aria-hidden>
                {t("keys")}
              </span>
            </>
          )}
        </div>
      ) : (
        <p className={classes.where}>{t("mayNot")}</p>
      )}
    </>
  );
}

function Decided({ review }: { review: ReviewDetail }) {
  const { t } = useTranslation("reviews");
  const shown = useShown();
  return (
    <div className={classes.decided}>
      <p>
        {review.decidedAt ? t("decidedBy", { state: t(`state.${review.state}`), who: review.decidedBy }) : t("over")} {review.decidedAt && <Moment at={review.decidedAt} />}
      </p>
      {review.reason && <p className={classes.where}>{review.reason}</p>}
      <dl className={classes.values}>
        {review.fields.map((field) => (
          <div key={field.name}>
            <dt>{field.label}</dt>
            <dd>
              {shown(field, review.state === "REJECTED" || review.state === "OVER" ? field.value : field.decided)}
              {review.state === "EDITED" && shown(field, field.decided) !== shown(field, field.value) && <span className={classes.before}> {t("insteadOf", { value: shown(field, field.value) })}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
