/**
 * Moves and scales the tree with one CSS transform, outside of React: a frame of panning changes one style.
 * Wheel pans, ctrl+wheel (and a pinch on a trackpad) zooms at the pointer, dragging the background pans, two fingers pinch.
 */

const SMALLEST = 0.1;
const LARGEST = 1.5;
/** Below this, cards show only what can be read at that size. */
const FAR = 0.5;
/** Below this, lines are drawn thicker, so that they can still be seen. */
const VERY_FAR = 0.25;
/** Pixels between the dots of the plane at its own size. */
const DOTS = 24;
/** Free space kept around what is brought into view, in pixels of the screen. */
const MARGIN = 24;
const STEP = 1.2;
/** How long after a movement the tree goes on being a picture of its own (milliseconds). */
const SETTLED = 300;

interface Point {
  x: number;
  y: number;
}

export class PanZoom {
  private x = 0;
  private y = 0;
  private scale = 1;
  private readonly listeners = new Set<() => void>();
  private readonly fingers = new Map<number, Point>();
  private width = 0;
  private stopped: (() => void)[] = [];
  private settle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly viewport: HTMLElement,
    readonly content: HTMLElement,
  ) {
    this.width = viewport.clientWidth;
    this.on("wheel", (event) => this.onWheel(event), { passive: false });
    this.on("pointerdown", (event) => this.onDown(event));
    this.on("pointermove", (event) => this.onMove(event));
    for (const type of ["pointerup", "pointercancel"] as const) this.on(type, (event) => this.onUp(event));
    const observer = new ResizeObserver(() => this.onResize());
    observer.observe(viewport);
    this.stopped.push(() => observer.disconnect());
  }

  private on<K extends keyof HTMLElementEventMap>(type: K, handle: (event: HTMLElementEventMap[K]) => void, options?: AddEventListenerOptions) {
    this.viewport.addEventListener(type, handle, options);
    this.stopped.push(() => this.viewport.removeEventListener(type, handle, options));
  }

  stop(): void {
    for (const stop of this.stopped) stop();
    clearTimeout(this.settle);
    this.listeners.clear();
  }

  /** Calls `listener` after every change of position or scale. Returns how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly percent = (): number => Math.round(this.scale * 100);

  /** The part of the content that is seen, in pixels of the content. */
  visible(): DOMRect {
    const { clientWidth, clientHeight } = this.viewport;
    return new DOMRect(-this.x / this.scale, -this.y / this.scale, clientWidth / this.scale, clientHeight / this.scale);
  }

  /** The content at its own size, its top in the middle of the top: how a workflow is first seen. */
  toTop(): void {
    this.scale = 1;
    this.x = (this.viewport.clientWidth - this.content.offsetWidth) / 2;
    this.y = 0;
    this.apply();
  }

  /** The whole content in view, never larger than its own size. */
  fit(): void {
    const { clientWidth, clientHeight } = this.viewport;
    const { offsetWidth, offsetHeight } = this.content;
    this.scale = clamp(Math.min(clientWidth / offsetWidth, clientHeight / offsetHeight, 1));
    this.x = (clientWidth - offsetWidth * this.scale) / 2;
    this.y = Math.max(0, (clientHeight - offsetHeight * this.scale) / 2);
    this.apply(true);
  }

  zoomIn = (): void => this.zoomTo(this.scale * STEP);
  zoomOut = (): void => this.zoomTo(this.scale / STEP);
  actualSize = (): void => this.zoomTo(1);

  /** Zooms with a point of the viewport staying where it is; its middle when none is given. */
  zoomTo(scale: number, at: Point = { x: this.viewport.clientWidth / 2, y: this.viewport.clientHeight / 2 }, glide = true): void {
    const next = clamp(scale);
    this.x = at.x - ((at.x - this.x) / this.scale) * next;
    this.y = at.y - ((at.y - this.y) / this.scale) * next;
    this.scale = next;
    this.apply(glide);
  }

  pan(dx: number, dy: number, glide = false): void {
    if (dx === 0 && dy === 0) return;
    this.x += dx;
    this.y += dy;
    this.asPicture();
    this.apply(glide);
  }

  /** The content, whose middle is its axis, was `before` pixels wide: its cards stay where they are on the screen. */
  grown(before: number): void {
    this.x -= ((this.content.offsetWidth - before) / 2) * this.scale;
    this.apply();
  }

  /**
   * While it is moved, the browser keeps the tree as a picture and only moves that; afterwards it draws it again, so
   * that its text is sharp at every scale.
   */
  private asPicture(): void {
    this.content.style.willChange = "transform";
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      this.content.style.willChange = "";
    }, SETTLED);
  }

  /** Moves as little as needed to bring an element into view. */
  reveal(element: Element): void {
    const { left, right, top, bottom } = this.boxOf(element);
    const { clientWidth, clientHeight } = this.viewport;
    this.pan(shift(left, right, MARGIN, clientWidth - MARGIN), shift(top, bottom, MARGIN, clientHeight - MARGIN), true);
  }

  /**
   * Where an element of the content stands in the viewport once the content is where it goes. The browser tells where
   * things are now, which is where they were while the content still glides; and with reduced motion every change of
   * the transform is such a glide, of no time.
   */
  private boxOf(element: Element): { left: number; right: number; top: number; bottom: number } {
    const box = element.getBoundingClientRect();
    const now = this.content.getBoundingClientRect();
    const scale = this.scale / (now.width / this.content.offsetWidth || 1);
    const left = this.x + (box.left - now.left) * scale;
    const top = this.y + (box.top - now.top) * scale;
    return { left, right: left + box.width * scale, top, bottom: top + box.height * scale };
  }

  /** Puts a point of the content into the middle of the viewport. */
  centre(point: Point): void {
    this.x = this.viewport.clientWidth / 2 - point.x * this.scale;
    this.y = this.viewport.clientHeight / 2 - point.y * this.scale;
    this.apply();
  }

  private apply(glide = false): void {
    const { style } = this.content;
    this.content.toggleAttribute("data-glide", glide);
    style.transform = `translate(${Math.round(this.x)}px, ${Math.round(this.y)}px) scale(${this.scale})`;
    // Attributes and plain properties only: a custom property would be worked out anew for every card.
    const far = this.scale < VERY_FAR ? "very" : this.scale < FAR ? "" : null;
    if (far === null) this.viewport.removeAttribute("data-far");
    else if (this.viewport.getAttribute("data-far") !== far) this.viewport.setAttribute("data-far", far);
    const background = this.viewport.style;
    background.backgroundPosition = `${this.x}px ${this.y}px`;
    background.backgroundSize = `${DOTS * this.scale}px ${DOTS * this.scale}px`;
    for (const listener of this.listeners) listener();
  }

  private onResize(): void {
    const { clientWidth } = this.viewport;
    // The side panel came or went: what was in the middle stays in the middle.
    if (this.width > 0 && clientWidth !== this.width) this.pan((clientWidth - this.width) / 2, 0, true);
    this.width = clientWidth;
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      this.zoomTo(this.scale * Math.exp(-event.deltaY * unit * 0.0022), this.inViewport(event), false);
    } else if (event.shiftKey && event.deltaX === 0) this.pan(-event.deltaY * unit, 0);
    else this.pan(-event.deltaX * unit, -event.deltaY * unit);
  }

  private onDown(event: PointerEvent): void {
    const onControl = event.target instanceof Element && event.target.closest("button, input, a, [data-step]") !== null;
    if (event.pointerType === "mouse" && (event.button > 1 || (event.button === 0 && onControl))) return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (event.pointerType === "mouse") this.viewport.setPointerCapture(event.pointerId);
  }

  private onMove(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [other] = [...this.fingers].flatMap(([id, point]) => (id === event.pointerId ? [] : [point]));
    this.fingers.set(event.pointerId, now);
    if (other) {
      const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
      this.zoomTo((this.scale * distance(now, other)) / Math.max(1, distance(before, other)), this.inViewport(middle), false);
      this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    } else this.pan(now.x - before.x, now.y - before.y);
    this.viewport.toggleAttribute("data-panning", true);
  }

  private onUp(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.fingers.size === 0) this.viewport.toggleAttribute("data-panning", false);
  }

  private inViewport({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const box = this.viewport.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  }
}

function clamp(scale: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, scale));
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** How far something from `start` to `end` has to go to lie between `low` and `high`; its start counts when it is too long. */
function shift(start: number, end: number, low: number, high: number): number {
  if (start < low || end - start > high - low) return low - start;
  return end > high ? high - end : 0;
}
