export { DOOR_CASES, type DoorCase, type OpenDoor } from './door-cases.ts';
export { eventsOf, foldText, recordsOf } from './fold.ts';
export { logOf } from './log.ts';
export { streamFromText } from './from-text.ts';
export { recordingBytes, recordingText } from './recordings.ts';
