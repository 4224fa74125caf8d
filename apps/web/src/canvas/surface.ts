/** A canvas that knows its size in CSS pixels and is sharp on any screen. */
export interface Surface {
  readonly canvas: HTMLCanvasElement;
  readonly pen: CanvasRenderingContext2D;
  widthPx: number;
  heightPx: number;
}

/** CSS pixels of one device pixel. */
export const hairline = (): number => 1 / (window.devicePixelRatio || 1);

export function createSurface(canvas: HTMLCanvasElement): Surface {
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('this browser gives no 2d canvas');
  return { canvas, pen, widthPx: 0, heightPx: 0 };
}

/** Fits the bitmap to the box, clears it, and leaves the pen in CSS pixels. Resizing costs, so only when something changed. */
export function clearSurface(surface: Surface, widthPx: number, heightPx: number): void {
  const ratio = 1 / hairline();
  const [width, height] = [Math.round(widthPx * ratio), Math.round(heightPx * ratio)];
  const { canvas, pen } = surface;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${widthPx}px`;
    canvas.style.height = `${heightPx}px`;
  }
  surface.widthPx = widthPx;
  surface.heightPx = heightPx;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, widthPx, heightPx);
}
