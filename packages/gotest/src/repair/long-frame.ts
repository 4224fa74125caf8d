import { defineRepair } from './repair.ts';

/** Go marks a frame with U+0016 and takes the mark away; it stays where the frame was too long to be seen (over 4,096 bytes). */
export const FRAME_MARK = '\u0016';

/** Most UTF-16 code units of a frame that we piece together: names are long, not endless. */
export const MAX_FRAME_CHARS = 64 * 1024;

/** Recording: streams/longs. */
export const longFrame = defineRepair({
  id: 'long-frame',
  rule: 'R22',
  what: 'Go did not recognise a frame of more than 4,096 bytes: read from the text.',
  issues: [],
  fixedIn: undefined,
});
