import { Switch, type SwitchProps, Tooltip, VisuallyHidden } from "@mantine/core";
import { useId } from "@mantine/hooks";

interface Props extends SwitchProps {
  /** Why it cannot be switched, in a sentence; nothing when it can. */
  because: string | false;
  /** What the pointer and the keyboard are told when it can. */
  hint?: string;
}

/** A switch that says why it stays as it is, as `Withheld` does of a button. Its state comes from outside. */
export function WithheldSwitch({ because, hint, onChange, ...rest }: Props) {
  const id = useId();
  const words = because || hint;
  return (
    <>
      {/* The input itself has no size; what holds it gets the pointer, and the keyboard through it. */}
      <Tooltip label={words} disabled={!words} multiline maw={260} events={{ hover: true, focus: true, touch: because !== false }}>
        <div>
          <Switch {...rest} {...(because ? { "aria-disabled": true, "aria-describedby": id } : { onChange })} />
        </div>
      </Tooltip>
      {because && <VisuallyHidden id={id}>{because}</VisuallyHidden>}
    </>
  );
}
