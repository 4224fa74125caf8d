import type { ReactNode } from 'react';
import type { GoGroup } from '../canvas/go-groups.ts';

/** The colour of a group beside its name. */
export const GoSwatch = ({ group }: { group: GoGroup }): ReactNode => (
  <span className="go-swatch" style={{ background: `var(--go-${group})` }} />
);
