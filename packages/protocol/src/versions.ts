/** Version of the wire. A change bumps it; a collector of another protocol is never used. */
export const PROTOCOL = 2;

/** Version of what is kept: `run.json` and `events.jsonl`, also inside a snapshot. A change bumps it and adds an upgrader. */
export const FORMAT = 2;

/** Version of the `--json` outputs and of the HTTP answers. Fields are added without a bump; a changed meaning bumps it. */
export const SCHEMA = 1;
