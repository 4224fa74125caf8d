import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

interface Props {
  /** The bar's own direction: a vertical one is dragged sideways. */
  readonly direction: 'vertical' | 'horizontal';
  readonly label: string;
  readonly valuePx: number;
  readonly minPx: number;
  readonly maxPx: () => number;
  /** What grows when the bar moves right or down: what lies before it, or what lies after. */
  readonly grows: 'before' | 'after';
  readonly onChange: (px: number) => void;
}

const STEP_PX = 20;

/** The bar between two parts; dragged, or moved by the arrow keys. */
export function Splitter({ direction, label, valuePx, minPx, maxPx, grows, onChange }: Props): ReactNode {
  const sign = grows === 'before' ? 1 : -1;
  const set = (px: number): void => onChange(Math.round(Math.min(Math.max(px, minPx), maxPx())));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const bar = event.currentTarget;
    const start = direction === 'vertical' ? event.clientX : event.clientY;
    bar.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => {
      set(valuePx + sign * ((direction === 'vertical' ? moved.clientX : moved.clientY) - start));
    };
    const stop = (): void => {
      bar.removeEventListener('pointermove', move);
      bar.removeEventListener('pointerup', stop);
      bar.removeEventListener('pointercancel', stop);
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('pointerup', stop);
    bar.addEventListener('pointercancel', stop);
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step =
      direction === 'vertical' ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(valuePx + sign * step * STEP_PX);
  };
  return (
    <div
      className={`splitter ${direction}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={direction}
      aria-valuenow={valuePx}
      aria-valuemin={minPx}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
