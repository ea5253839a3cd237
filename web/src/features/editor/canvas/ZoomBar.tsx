import { ActionIcon, Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { FitIcon, MinimapIcon, MinusIcon, PlusIcon } from "@/design/icons";
import type { PanZoom } from "./pan-zoom";
import classes from "./Viewport.module.css";

interface Props {
  view: PanZoom;
  /** Whether the minimap is shown; undefined when the tree is too small for one. */
  minimap?: boolean;
  onToggleMinimap: () => void;
}

export function ZoomBar({ view, minimap, onToggleMinimap }: Props) {
  const { t } = useTranslation("editor");
  const percent = useSyncExternalStore(view.subscribe, view.percent);
  return (
    <div className={classes.tools} role="toolbar" aria-label={t("zoom.name")}>
      <Tooltip label={t("zoom.out")}>
        <ActionIcon aria-label={t("zoom.out")} onClick={view.zoomOut}>
          <MinusIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("zoom.actualSize")}>
        <button type="button" className={classes.percent} aria-label={t("zoom.actualSizeNow", { percent })} onClick={view.actualSize}>
          {t("zoom.percent", { percent })}
        </button>
      </Tooltip>
      <Tooltip label={t("zoom.in")}>
        <ActionIcon aria-label={t("zoom.in")} onClick={view.zoomIn}>
          <PlusIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("zoom.fit")}>
        <ActionIcon aria-label={t("zoom.fit")} onClick={() => view.fit()}>
          <FitIcon size={16} />
        </ActionIcon>
      </Tooltip>
      {minimap !== undefined && (
        <Tooltip label={t("zoom.minimap")}>
          <ActionIcon aria-label={t("zoom.minimap")} aria-pressed={minimap} onClick={onToggleMinimap}>
            <MinimapIcon size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}
