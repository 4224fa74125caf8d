import type { TestOutcome, Verdict } from '@observe/protocol';
import type { ReactNode } from 'react';

/** 14 px line icons on a 16 unit grid; the word beside them or their button's label says the same. */
function Icon({ children, tone }: { children: ReactNode; tone?: string | undefined }): ReactNode {
  return (
    <svg
      className={tone === undefined ? 'icon' : `icon tone-${tone}`}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const SHAPES: Readonly<Record<TestOutcome, ReactNode>> = {
  pass: <path d="M3.5 8.5l3 3 6-6.5" />,
  fail: <path d="M4.5 4.5l7 7m0-7l-7 7" strokeWidth="2" />,
  skip: <path d="M3 11c1-5 7-6.5 9.5-2.5M12.8 4.8v3.9H9" />,
  running: <circle cx="8" cy="8" r="3.5" fill="currentcolor" stroke="none" />,
  lost: <circle cx="8" cy="8" r="5" strokeDasharray="5 2.85" strokeWidth="1.8" />,
  'never-started': <path d="M8 3l5 5-5 5-5-5z" />,
};

export const OutcomeIcon = ({ outcome }: { outcome: TestOutcome }): ReactNode => (
  <Icon tone={outcome}>{SHAPES[outcome]}</Icon>
);

const OUTCOME_OF: Readonly<Record<Verdict, TestOutcome>> = {
  passed: 'pass',
  failed: 'fail',
  running: 'running',
  interrupted: 'lost',
  lost: 'lost',
};

export const toneOf = (verdict: Verdict): TestOutcome => OUTCOME_OF[verdict];
export const VerdictIcon = ({ verdict }: { verdict: Verdict }): ReactNode => (
  <OutcomeIcon outcome={OUTCOME_OF[verdict]} />
);

const glyph = (children: ReactNode) => (): ReactNode => <Icon>{children}</Icon>;

export const SearchIcon = glyph(<path d="M7 11.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM10.5 10.5l3 3" />);
export const CloseIcon = glyph(<path d="M4 4l8 8m0-8l-8 8" />);
export const BackIcon = glyph(<path d="M10 3L5 8l5 5" />);
export const ExpandAllIcon = glyph(<path d="M8 2v4M5.5 4L8 1.5 10.5 4M3 8h10M8 14v-4m-2.5 2L8 14.5 10.5 12" />);
export const CollapseAllIcon = glyph(<path d="M8 1.5V6M5.5 4L8 6.2 10.5 4M3 8h10M8 14.5V10m-2.5 2L8 9.8 10.5 12" />);
export const CopyIcon = glyph(<path d="M5.5 5.5h7v8h-7zM3.5 10.5v-8h7" />);
export const WrapIcon = glyph(<path d="M2.5 4h11M2.5 8h8.5a2 2 0 010 4H8m1.5-1.8L7.5 12l2 1.8M2.5 12h2" />);
export const UpIcon = glyph(<path d="M4 10l4-4 4 4" />);
export const DownIcon = glyph(<path d="M4 6l4 4 4-4" />);
export const TailIcon = glyph(<path d="M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10" />);
export const ThemeIcon = glyph(
  <>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 2.5a5.5 5.5 0 010 11z" fill="currentcolor" />
  </>,
);
export const HelpIcon = glyph(<path d="M6 6a2 2 0 113 1.7c-.7.4-1 .8-1 1.6M8 11.8v.1" />);
export const LinkIcon = glyph(
  <path d="M6.5 9.5l3-3M7 5l1.5-1.5a2.8 2.8 0 014 4L11 9M9 11l-1.5 1.5a2.8 2.8 0 01-4-4L5 7" />,
);
export const ClockIcon = glyph(<path d="M8 13.5a5.5 5.5 0 100-11 5.5 5.5 0 000 11zM8 5v3l2 1.5" />);
export const WarnIcon = glyph(<path d="M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.1" />);

/** Points right when closed, down when open. */
export const Chevron = ({ isOpen }: { isOpen: boolean }): ReactNode => (
  <svg className="icon chevron" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
    <path d={isOpen ? 'M4.5 6.5L8 10l3.5-3.5' : 'M6.5 4.5L10 8l-3.5 3.5'} />
  </svg>
);
