import type { ReactNode } from 'react';

/** One thing to say on an otherwise empty place: what it is, and what to do. */
export function Message({
  title,
  children,
  icon,
}: {
  title: string;
  children?: ReactNode;
  icon?: ReactNode;
}): ReactNode {
  return (
    <div className="message" role="status">
      <h2>
        {icon}
        {title}
      </h2>
      {children}
    </div>
  );
}
