import type { Session } from './session';

/** Runs what a command does, once its flags are parsed, with an engine and a terminal. */
export type Run = (command: (session: Session) => Promise<void>) => Promise<void>;
