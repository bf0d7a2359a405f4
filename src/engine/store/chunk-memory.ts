import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' }) => void;

let collect: Collect | null | undefined;

/**
 * Gives back the memory of DuckDB's chunks that nobody holds any more. It is freed with their JavaScript objects, which
 * are so small that the collector sees no reason to run: an import of 1 GB kept hundreds of megabytes of them. Does
 * nothing where the collector cannot be reached.
 */
export function freeChunks(): void {
  collect ??= reachCollector();
  collect?.({ type: 'minor' });
}

function reachCollector(): Collect | null {
  try {
    setFlagsFromString('--expose-gc');
    const found: unknown = runInNewContext('gc');
    return typeof found === 'function' ? (found as Collect) : null;
  } catch {
    return null;
  }
}
