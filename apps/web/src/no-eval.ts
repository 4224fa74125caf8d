import { config } from 'zod';

// zod compiles its schemas with `new Function` where it may; the page's content policy forbids it, and says so for each try.
config({ jitless: true });
