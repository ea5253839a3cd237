import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { asBody } from "@/api/json";
import type { components } from "@/api/schema";
import { inputsOf } from "../../model/inputs";
import { asJson } from "../../model/types";
import { findAction } from "../../model/edges";
import { useEditor } from "../../store/context";
import { useRecordFields } from "./record-fields";
import { type SampleRecord, useSampleRecord } from "./sample-record";

/** A piece of a rendered text: the author's, or the value of a token. */
export type Segment = components["schemas"]["SegmentShape"];
export type StepPreview = components["schemas"]["FlowPreview"];

/** How long the form has to be at rest before it is rendered (milliseconds). */
const REST = 500;

/** The texts of a step as they come out for the sample record. It costs nothing: no model is asked. */
export function useStepPreview(actionId: string): { preview: StepPreview | undefined; record: SampleRecord | undefined; error: unknown } {
  const document = useEditor((state) => state.document);
  const { objectType } = useRecordFields();
  const { record } = useSampleRecord(objectType);
  const [rested] = useDebouncedValue(document, REST);
  const action = findAction(rested, actionId);
  const { data, error } = useQuery({
    // The texts depend on this step's inputs and the record alone.
    queryKey: ["editor", "preview", actionId, record?.id, action && inputsOf(action)],
    queryFn: ({ signal }) => call(api.POST("/penstock/v1/flow-previews", { body: { document: asBody(asJson(rested)), actionId, recordId: record?.id ?? "" }, signal })),
    enabled: record !== undefined && action !== undefined,
    placeholderData: (before) => before,
    staleTime: 60_000,
    retry: false,
  });
  return { preview: data, record, error };
}

/** The rendered text of one field. */
export const segmentsOf = (preview: StepPreview | undefined, field: string): Segment[] => preview?.texts.find((text) => text.field === field)?.segments ?? [];
