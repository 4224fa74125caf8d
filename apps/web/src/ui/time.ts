/** `just now`, `5 min ago`, `3 h ago`, `yesterday 14:03`, `Nov 3, 14:03`, in the zone of whoever looks. */
export function agoText(at: Date, now: Date): string {
  const minutes = (now.getTime() - at.getTime()) / 60_000;
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${Math.floor(minutes)} min ago`;
  const clock = clockText(at);
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days === 0) return minutes < 600 ? `${Math.floor(minutes / 60)} h ago` : clock;
  if (days === 1) return `yesterday ${clock}`;
  const month = at.toLocaleString('en-US', { month: 'short', day: 'numeric' });
  return at.getFullYear() === now.getFullYear() ? `${month}, ${clock}` : `${month} ${at.getFullYear()}, ${clock}`;
}

export const clockText = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`;

const startOfDay = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
const two = (n: number): string => String(n).padStart(2, '0');
