import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Tree } from "../model/tree";
import type { PanZoom } from "./pan-zoom";
import classes from "./Viewport.module.css";

const WIDTH = 164;
const HEIGHT = 116;
const PADDING = 6;

/** The whole tree as small bars in the colours of their sections, with a frame around what is seen. Pressing moves there. */
export function Minimap({ view, tree }: { view: PanZoom; tree: Tree }) {
  const { t } = useTranslation("editor");
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return undefined;
    let frame = 0;
    const bars = barsOf(view.content);
    const draw = () => {
      frame = 0;
      const density = window.devicePixelRatio || 1;
      const { scale, left, top } = fitted(view.content);
      context.canvas.width = WIDTH * density;
      context.canvas.height = HEIGHT * density;
      context.setTransform(density * scale, 0, 0, density * scale, density * left, density * top);
      for (const { box, colour } of bars) {
        context.fillStyle = colour;
        context.fillRect(box.x, box.y, box.width, box.height);
      }
      const seen = view.visible();
      context.strokeStyle = getComputedStyle(view.content).getPropertyValue("--accent");
      context.lineWidth = 1.5 / scale;
      context.strokeRect(seen.x, seen.y, seen.width, seen.height);
    };
    const later = () => {
      frame ||= requestAnimationFrame(draw);
    };
    later();
    const stop = view.subscribe(later);
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [view, tree]);

  const go = (event: React.PointerEvent) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { scale, left, top } = fitted(view.content);
    view.centre({ x: (event.clientX - box.left - left) / scale, y: (event.clientY - box.top - top) / scale });
  };
  // The steps themselves are in the document; this picture is only for the pointer.
  return <canvas ref={canvas} className={classes.minimap} role="img" aria-label={t("zoom.map")} onPointerDown={go} onPointerMove={go} />;
}

function fitted(content: HTMLElement): { scale: number; left: number; top: number } {
  const { offsetWidth, offsetHeight } = content;
  const scale = Math.min((WIDTH - 2 * PADDING) / offsetWidth, (HEIGHT - 2 * PADDING) / offsetHeight);
  return { scale, left: (WIDTH - offsetWidth * scale) / 2, top: (HEIGHT - offsetHeight * scale) / 2 };
}

/** The cards' boxes in pixels of the content, and their tiles' colours. */
function barsOf(content: HTMLElement): { box: DOMRect; colour: string }[] {
  const origin = content.getBoundingClientRect();
  const scale = origin.width / content.offsetWidth || 1;
  const colours = new Map<string, string>();
  return [...content.querySelectorAll<HTMLElement>("[data-step]")].map((card) => {
    const at = card.getBoundingClientRect();
    const tile = card.querySelector<HTMLElement>("[data-section]");
    const section = tile?.dataset.section ?? "";
    const colour = colours.get(section) ?? (tile ? getComputedStyle(tile).color : "");
    colours.set(section, colour);
    return { box: new DOMRect((at.left - origin.left) / scale, (at.top - origin.top) / scale, at.width / scale, at.height / scale), colour };
  });
}
