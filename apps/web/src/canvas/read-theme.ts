import type { TestOutcome } from '@observe/protocol';
import { GO_GROUPS, type GoGroup } from './go-groups.ts';
import { hairline } from './surface.ts';
import type { Paint, Theme } from './theme.ts';

/** Reads the tokens of tokens.css as they are now. `light-dark()` is resolved by asking an element for its colour. */
export function readTheme(pen: CanvasRenderingContext2D): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const token = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const outcome: Record<TestOutcome, string> = {
    pass: token('bar-pass'),
    fail: token('bar-fail'),
    skip: token('bar-skip'),
    lost: token('bar-lost'),
    'never-started': token('bar-never'),
    running: token('bar-running'),
  };
  const theme: Theme = {
    hairline: hairline(),
    outcome,
    hatch: mapOf(outcome, (colour) => pattern(pen, colour, paintHatch)),
    dots: mapOf(outcome, (colour) => pattern(pen, colour, paintDots)),
    go: Object.fromEntries(GO_GROUPS.map((group) => [group, token(`go-${group}`)])) as Record<GoGroup, string>,
    heap: token('heap'),
    goal: token('heap-goal'),
    gc: token('gc'),
    background: token('bg'),
    rowLine: token('row-line'),
    gridLine: token('grid'),
    text: token('text'),
    faintText: token('text-faint'),
    accent: token('accent'),
    selection: token('bg-selected'),
    area: token('area'),
    baseLine: token('line-strong'),
    shade: token('shade'),
    veil: token('veil'),
    scaleGround: token('scale-ground'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return theme;
}

const mapOf = (colours: Record<TestOutcome, string>, make: (colour: string) => Paint): Record<TestOutcome, Paint> =>
  Object.fromEntries(Object.entries(colours).map(([outcome, colour]) => [outcome, make(colour)])) as Record<
    TestOutcome,
    Paint
  >;

/** CSS pixels after which a pattern repeats. */
const TILE_PX = 6;

function pattern(
  pen: CanvasRenderingContext2D,
  colour: string,
  paint: (tile: CanvasRenderingContext2D) => void,
): Paint {
  const ratio = 1 / hairline();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.round(TILE_PX * ratio);
  const tile = canvas.getContext('2d');
  if (tile === null) return colour;
  tile.scale(canvas.width / TILE_PX, canvas.height / TILE_PX);
  tile.strokeStyle = tile.fillStyle = colour;
  paint(tile);
  const made = pen.createPattern(canvas, 'repeat');
  // A pattern is in device pixels, the pen in CSS pixels.
  made?.setTransform(new DOMMatrix().scale(TILE_PX / canvas.width));
  return made ?? colour;
}

function paintHatch(tile: CanvasRenderingContext2D): void {
  tile.globalAlpha = 0.18;
  tile.fillRect(0, 0, TILE_PX, TILE_PX);
  tile.globalAlpha = 0.9;
  tile.lineWidth = 1.1;
  tile.beginPath();
  for (const offset of [-TILE_PX, 0, TILE_PX]) {
    tile.moveTo(offset, TILE_PX);
    tile.lineTo(offset + TILE_PX, 0);
  }
  tile.stroke();
}

function paintDots(tile: CanvasRenderingContext2D): void {
  tile.globalAlpha = 0.18;
  tile.fillRect(0, 0, TILE_PX, TILE_PX);
  tile.globalAlpha = 0.9;
  for (const [x, y] of [
    [1, 1],
    [4, 4],
  ] as const)
    tile.fillRect(x, y, 1.4, 1.4);
}
