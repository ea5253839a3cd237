import { Button, Collapse } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PreviewIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { RecordPicker } from "../panel/forms/RecordPicker";
import type { SampleRecord } from "../panel/forms/sample-record";
import type { Segment, StepPreview } from "../panel/forms/previews";
import { useTokenScope } from "../prompt/token-scope";
import { useEditor } from "../store/context";
import classes from "./llm.module.css";

interface Props {
  objectType: string;
  record: SampleRecord | undefined;
  segments: readonly Segment[];
  preview: StepPreview | undefined;
}

/** The prompt as the model would get it for a chosen record, with empty values marked, before any money is spent. */
export function PromptPreview({ objectType, record, segments, preview }: Props) {
  const { t } = useTranslation("forms");
  const id = useId();
  const scope = useTokenScope();
  const [opened, setOpened] = useState(false);
  const readOnly = useEditor((state) => state.readOnly);
  if (readOnly) return null;
  return (
    <div className={classes.previewBox}>
      <Button variant="subtle" color="gray" size="compact-xs" leftSection={<PreviewIcon size={14} aria-hidden />} aria-expanded={opened} aria-controls={id} onClick={() => setOpened(!opened)}>
        {opened ? t("preview.hide") : record ? t("preview.showWith", { record: record.name }) : t("preview.show")}
      </Button>
      <Collapse expanded={opened} id={id} transitionDuration={0}>
        <div className={classes.setting}>
          <RecordPicker objectType={objectType} label={t("preview.record")} />
          <pre className={classes.preview} aria-label={t("preview.of")}>
            {segments.length === 0
              ? t("preview.nothing")
              : segments.map((segment, index) => (
                  // The pieces of a text have nothing but their order.
                  <Piece key={index} segment={segment} label={segment.token ? (scope.find(segment.token)?.label ?? segment.token) : ""} />
                ))}
          </pre>
          {preview && <AsSent preview={preview} />}
        </div>
      </Collapse>
    </div>
  );
}

/** What else there is to say about the request, and the request itself. */
function AsSent({ preview }: { preview: StepPreview }) {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const [shown, setShown] = useState(false);
  const { failure, warnings, fixedTokens, inputTokens, sent } = preview;
  return (
    <>
      {failure && (
        <div className={classes.testError} role="note">
          {failure.message} {failure.remedy}
        </div>
      )}
      {warnings.map((warning) => (
        <div key={warning} className={classes.reason}>
          {warning}
        </div>
      ))}
      {fixedTokens !== null && inputTokens !== null && <div className={classes.reason}>{t("preview.fixed", { fixed: formats.number(fixedTokens), all: formats.number(inputTokens) })}</div>}
      {sent && (
        <>
          <Button variant="subtle" color="gray" size="compact-xs" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t(shown ? "preview.hideSent" : "preview.showSent")}
          </Button>
          {shown && (
            <pre className={classes.answer} aria-label={t("preview.sent")} tabIndex={0}>
              {JSON.stringify(sent, null, 1)}
            </pre>
          )}
        </>
      )}
    </>
  );
}

function Piece({ segment, label }: { segment: Segment; label: string }) {
  const { t } = useTranslation("forms");
  if (segment.missing) return <mark className={classes.missing}>{t("preview.missing", { token: label })}</mark>;
  if (segment.token) return <span className={classes.filled}>{segment.text}</span>;
  return segment.text;
}
