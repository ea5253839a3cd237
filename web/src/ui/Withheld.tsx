import { Tooltip, VisuallyHidden } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { cloneElement, type MouseEvent, type ReactElement } from "react";

interface Pressable {
  "aria-describedby"?: string | undefined;
  "aria-disabled"?: boolean | undefined;
  "data-disabled"?: boolean | undefined;
  onClick?: ((event: MouseEvent<HTMLElement>) => void) | undefined;
}

interface Props {
  /** Why it cannot be pressed, in a sentence; nothing when it can. */
  because: string | false | undefined;
  /** A button, or what becomes one. */
  children: ReactElement<Pressable>;
}

const stay = (event: MouseEvent<HTMLElement>) => {
  event.preventDefault();
  event.stopPropagation();
};

/**
 * A button that cannot be pressed now, and says why. It stays where the keyboard goes, as a `disabled` one would not,
 * so that the reason reaches the pointer, the keyboard and screen readers alike (WAI-ARIA: focusability of disabled
 * controls).
 */
export function Withheld({ because, children }: Props) {
  const id = useId();
  const shown = because || undefined;
  return (
    <>
      <Tooltip label={shown} disabled={!shown} multiline maw={260} events={{ hover: true, focus: true, touch: true }}>
        {shown ? cloneElement(children, { "aria-disabled": true, "data-disabled": true, "aria-describedby": id, onClick: stay }) : children}
      </Tooltip>
      {shown && <VisuallyHidden id={id}>{shown}</VisuallyHidden>}
    </>
  );
}
