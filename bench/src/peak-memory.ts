import { readFileSync } from 'node:fs';

/** Most memory that a process has held so far (resident), in bytes; undefined where the system does not tell (only Linux does), or it is gone. */
export function peakBytesOf(pid: number): number | undefined {
  try {
    const kB = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kB === undefined ? undefined : Number(kB) * 1024;
  } catch {
    return undefined;
  }
}

export const peakBytesOfThis = (): number => process.resourceUsage().maxRSS * 1024;
