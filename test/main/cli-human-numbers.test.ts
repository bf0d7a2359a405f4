import { describe, expect, it } from 'vitest';
import { thaw } from './cli-process';

describe('thaw human-numbers', () => {
  it('trains one rung and closes with its figures on one line', async () => {
    const ended = await thaw('human-numbers', '--rung', 'three-token', '--epochs', '1', '--seed', '3', '--json');
    expect(ended.code).toBe(0);
    const result = ended.json();
    expect(Object.keys(result)).toEqual(['rung', 'accuracy', 'loss', 'seconds', 'epochs', 'seed']);
    expect(result).toMatchObject({ rung: 'three-token', epochs: 1, seed: 3 });
    expect(result['accuracy']).toBeGreaterThan(0.3);
    expect(ended.stdout.trim().split('\n')).toHaveLength(1);
  }, 300_000);

  it('ends with 2 for a rung that there is not', async () => {
    const ended = await thaw('human-numbers', '--rung', 'tenth', '--json');
    expect(ended.code).toBe(2);
    expect(ended.json()).toMatchObject({ error: { code: 'usage' } });
  }, 60_000);
});
