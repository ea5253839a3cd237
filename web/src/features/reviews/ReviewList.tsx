import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import type { Review } from "./queries";
import classes from "./reviews.module.css";
import { useShown } from "./values";

interface Props {
  reviews: readonly Review[];
  shown: string | undefined;
  ticked: ReadonlySet<string>;
  /** Left out where nothing can be decided. */
  onTick: ((next: ReadonlySet<string>) => void) | undefined;
  onChoose: (review: string) => void;
}

export const TONES: Record<Review["state"], Tone> = { WAITING: "warning", APPROVED: "success", EDITED: "success", REJECTED: "error", OVER: "neutral" };

/** The queue: each with its record, what is doubtful about it, and since when it waits. */
export function ReviewList({ reviews, shown, ticked, onTick, onChoose }: Props) {
  const { t } = useTranslation("reviews");
  const all = reviews.length > 0 && reviews.every((review) => ticked.has(review.id));
  return (
    <>
      {onTick && (
        <Checkbox
          className={classes.all}
          size="xs"
          label={t("many.all")}
          checked={all}
          indeterminate={!all && ticked.size > 0}
          onChange={() => onTick(all ? new Set() : new Set(reviews.map((review) => review.id)))}
        />
      )}
      <ul className={classes.list} aria-label={t("list")}>
        {reviews.map((review) => (
          <li key={review.id} className={classes.item} data-shown={review.id === shown || undefined}>
            {onTick && (
              <Checkbox
                size="xs"
                aria-label={t("many.tick", { record: review.recordName })}
                checked={ticked.has(review.id)}
                onChange={() => {
                  const next = new Set(ticked);
                  if (!next.delete(review.id)) next.add(review.id);
                  onTick(next);
                }}
              />
            )}
            <button type="button" className={classes.open} aria-current={review.id === shown || undefined} onClick={() => onChoose(review.id)}>
              <span className={classes.record}>{review.recordName}</span>
              <Doubt review={review} />
              <span className={classes.where}>
                {review.flowName || t("runs:unnamed", { id: review.flowId })} · <Moment at={review.createdAt} relative />
              </span>
            </button>
            {review.state !== "WAITING" && <StatusPill tone={TONES[review.state]}>{t(`state.${review.state}`)}</StatusPill>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Doubt({ review }: { review: Review }) {
  const formats = useFormats();
  const shownValue = useShown();
  const doubtful = review.fields.filter((field) => field.doubtful);
  return (
    <span className={classes.doubt}>
      {doubtful.map((field) => `${field.label}: ${shownValue(field, field.value)} (${formats.percent(field.confidence ?? 0)})`).join(", ")}
    </span>
  );
}
