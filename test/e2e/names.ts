/** The engine process as Electron lists it; `src/main/ipc/engine-process.ts` gives it this name. */
export const engineServiceName = 'Thaw engine';
