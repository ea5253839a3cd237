import { useLayoutEffect, useState } from "react";
import { DrawnSteps, useDrawnSteps } from "./drawn-steps";
import type { FlowTreeProps } from "./FlowTree";
import { FlowTree } from "./FlowTree";
import { Minimap } from "./Minimap";
import type { PanZoom } from "./pan-zoom";
import { TreeContext } from "./step-numbers";
import { Viewport } from "./Viewport";
import { ZoomBar } from "./ZoomBar";

/** Steps from which on a minimap helps more than it hides. */
const MINIMAP_FROM = 25;

interface Props extends FlowTreeProps {
  /** For screens that move the canvas themselves; called once every step is drawn. Keep it the same function. */
  onReady?: (view: PanZoom | null) => void;
}

/** A workflow on a plane that can be moved and scaled: the editor's canvas, and read-only the run page's. */
export function FlowCanvas({ onReady, ...props }: Props) {
  const [view, setView] = useState<PanZoom | null>(null);
  const [wanted, setWanted] = useState(true);
  const { upTo, all } = useDrawnSteps(view, props.tree.steps.length);
  useLayoutEffect(() => {
    if (!view || !all) return undefined;
    onReady?.(view);
    return () => onReady?.(null);
  }, [view, all, onReady]);
  const large = props.tree.steps.length >= MINIMAP_FROM;
  return (
    <TreeContext value={props.tree}>
      <Viewport
        onReady={setView}
        overlay={
          view && (
            <>
              <ZoomBar view={view} minimap={large ? wanted : undefined} onToggleMinimap={() => setWanted(!wanted)} />
              {large && wanted && all && <Minimap view={view} tree={props.tree} />}
            </>
          )
        }
      >
        <DrawnSteps value={upTo}>
          <FlowTree {...props} />
        </DrawnSteps>
      </Viewport>
    </TreeContext>
  );
}
