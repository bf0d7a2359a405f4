import { z } from 'zod';

// Zod compiles object parsers with `new Function` where it may. The page's policy forbids that, and even the probe
// would be reported as a violation; this has to run before the first schema is used.
z.config({ jitless: true });
