import { useFormats } from "@/i18n/format";

interface Props {
  at: string;
  /** "3 min ago" instead of the date. */
  relative?: boolean;
}

/** A time in the viewer's zone; the exact one with the zone's name on hover. */
export function Moment({ at, relative = false }: Props) {
  const formats = useFormats();
  return (
    <time dateTime={at} title={formats.exactMoment(at)}>
      {relative ? formats.ago(at) : formats.moment(at)}
    </time>
  );
}
