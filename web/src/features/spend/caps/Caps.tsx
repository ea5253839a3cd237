import { useQuery } from "@tanstack/react-query";
import { CapDialog } from "./CapDialog";
import { CapsSection } from "./CapsSection";
import { capsQuery, type Scope } from "./queries";

interface Props {
  /** Only what concerns this workflow: its own caps, and those of everybody. */
  flowId: string | undefined;
  /** What the address says is open: `new`, `new-flow-3`, or the id of a cap. */
  opened: string | undefined;
  onOpen: (cap: string | undefined) => void;
}

/** The caps of the page, with the dialog that the address names. */
export function Caps({ flowId, opened, onOpen }: Props) {
  const { data } = useQuery(capsQuery);
  const shown = data?.filter((cap) => flowId === undefined || (cap.scope !== "flow" && cap.scope !== "run") || cap.subjectId === flowId);
  const [isNew, scope, subjectId] = opened?.split("-") ?? [];
  const chosen = data?.find((cap) => cap.id === opened);
  const close = () => onOpen(undefined);
  return (
    <>
      <CapsSection caps={shown} onNew={() => onOpen(flowId === undefined ? "new" : `new-flow-${flowId}`)} onChange={(cap) => onOpen(cap.id)} />
      {isNew === "new" && <CapDialog scope={scope as Scope | undefined} subjectId={subjectId} onClose={close} />}
      {chosen && <CapDialog cap={chosen} onClose={close} />}
    </>
  );
}
