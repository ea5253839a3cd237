import { type ComponentType, createElement, lazy, Suspense } from "react";

/**
 * A component whose code is loaded when it is first shown, such as a dialog behind a button; nothing stands in its
 * place meanwhile. `const MoveDialog = later(async () => (await import("./MoveDialog")).MoveDialog);`
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>;
  return function Later(props: Props) {
    return <Suspense fallback={null}>{createElement(Loaded, props)}</Suspense>;
  };
}
