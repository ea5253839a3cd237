import { Button, Collapse } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PreviewIcon } from "@/design/icons";
import { RecordPicker } from "../panel/forms/RecordPicker";
import type { SampleRecord } from "../panel/forms/sample-record";
import type { Segment } from "../panel/forms/previews";
import { useTokenScope } from "../prompt/token-scope";
import { useEditor } from "../store/context";
import classes from "./llm.module.css";

interface Props {
  objectType: string;
  record: SampleRecord | undefined;
  segments: readonly Segment[];
}

/** The prompt as the model would get it for a chosen record, with empty values marked, before any money is spent. */
export function PromptPreview({ objectType, record, segments }: Props) {
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
        </div>
      </Collapse>
    </div>
  );
}

function Piece({ segment, label }: { segment: Segment; label: string }) {
  const { t } = useTranslation("forms");
  if (segment.missing) return <mark className={classes.missing}>{t("preview.missing", { token: label })}</mark>;
  if (segment.token) return <span className={classes.filled}>{segment.text}</span>;
  return segment.text;
}
