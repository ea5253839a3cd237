import { useLayoutEffect, useRef } from "react";
import classes from "./FlowTree.module.css";

/** The line from the stem to a path that a record took. Paths are as wide as what stands on them, so only their layout knows how far that is. */
export function TakenLine() {
  const line = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const { current } = line;
    const path = current?.parentElement;
    const paths = path?.parentElement;
    if (!current || !path || !paths) return undefined;
    const measure = () => {
      const reach = paths.offsetLeft + paths.offsetWidth / 2 - (path.offsetLeft + path.offsetWidth / 2);
      current.dataset.towards = Math.abs(reach) < 1 ? "below" : reach > 0 ? "right" : "left";
      current.style.width = `calc(${Math.abs(reach)}px + var(--stroke, 2px))`;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(paths);
    return () => observer.disconnect();
  }, []);
  return <span ref={line} className={classes.takenLine} aria-hidden />;
}
