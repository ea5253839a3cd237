import { type ReactNode, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { PanZoom } from "./pan-zoom";
import classes from "./Viewport.module.css";

interface Props {
  /** Called once the canvas is there, and with null when it goes. Keep it the same function. */
  onReady: (view: PanZoom | null) => void;
  /** The tree. */
  children: ReactNode;
  /** What floats above it: zoom bar, minimap. */
  overlay: ReactNode;
}

/** The dotted plane that a tree lies on. */
export function Viewport({ onReady, children, overlay }: Props) {
  const { t } = useTranslation("editor");
  const viewport = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!viewport.current || !content.current) return undefined;
    const view = new PanZoom(viewport.current, content.current);
    const { current } = content;
    const onFocus = (event: FocusEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches(":focus-visible")) view.reveal(event.target.closest("[data-step]") ?? event.target);
    };
    current.addEventListener("focusin", onFocus);
    view.toTop();
    onReady(view);
    return () => {
      current.removeEventListener("focusin", onFocus);
      onReady(null);
      view.stop();
    };
  }, [onReady]);
  return (
    <div className={classes.frame}>
      <div ref={viewport} className={classes.viewport} role="region" aria-label={t("canvas.name")}>
        <div ref={content} className={classes.content}>
          {children}
        </div>
      </div>
      {overlay}
    </div>
  );
}
