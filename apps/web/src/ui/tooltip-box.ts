/** What is said about a place: a title, and lines below it. */
export interface Told {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A box beside the pointer. It is made and moved without React. */
export interface TooltipBox {
  show(told: Told, at: { readonly clientX: number; readonly clientY: number }): void;
  hide(): void;
  stop(): void;
}

export function createTooltipBox(): TooltipBox {
  const box = document.createElement('div');
  box.className = 'tooltip';
  box.hidden = true;
  document.body.append(box);
  return {
    show(told, { clientX, clientY }) {
      const title = document.createElement('b');
      title.textContent = told.title;
      box.replaceChildren(title, ...told.lines.map(lineOf));
      box.hidden = false;
      const { offsetWidth, offsetHeight } = box;
      const isRight = clientX + 14 + offsetWidth > window.innerWidth;
      const isLow = clientY + 16 + offsetHeight > window.innerHeight;
      box.style.left = `${isRight ? Math.max(0, clientX - 10 - offsetWidth) : clientX + 14}px`;
      box.style.top = `${isLow ? Math.max(0, clientY - 10 - offsetHeight) : clientY + 16}px`;
    },
    hide() {
      box.hidden = true;
    },
    stop: () => box.remove(),
  };
}

function lineOf(text: string): HTMLElement {
  const line = document.createElement('div');
  line.textContent = text;
  return line;
}
