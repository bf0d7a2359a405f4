import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { HealthIssue } from '../../src/shared/health-types';
import { startThaw } from './cli-process';

const folder = mkdtempSync(path.join(tmpdir(), 'thaw-cli-health-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fixtures = path.resolve(__dirname, '../fixtures');

async function health(...args: string[]) {
  const ended = await startThaw(['health', ...args, '--json']).ended;
  return { ...ended, report: ended.json() as unknown as { rows: number; issues: HealthIssue[]; columns: unknown } };
}

describe('thaw health', () => {
  it('reports on a workbook, texts looked at in a thread of their own, and keeps nothing', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('thaw-health-'));
    const { code, report } = await health('--data', path.join(fixtures, 'formats/mails.xlsx'));
    expect(code).toBe(0);
    expect(report.rows).toBe(40);
    expect(report.columns).toMatchObject({ textColumns: ['Text'], labelColumns: ['Topic'] });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('thaw-health-'))).toEqual(before);
  });

  it('finds copies, contradictions, odd names and damage with their counts', async () => {
    const file = path.join(folder, 'odd.csv');
    const rows = Array.from(
      { length: 30 },
      (_, i) => `the ${String(i * 7919)} mail is about something else,${i % 2 ? 'a' : 'b'}`,
    );
    const odd = [
      'The same text,a',
      'the same  text,b',
      'GrÃ¼ÃŸe an alle,a',
      ',b',
      'one more mail about nothing at all,B ',
    ];
    writeFileSync(file, ['text,label', ...rows, ...odd].join('\n'));
    const { report } = await health(
      '--data',
      file,
      '--text',
      'text',
      '--label',
      'label',
      '--header',
      '--delimiter',
      ',',
    );
    const counts = Object.fromEntries(report.issues.map(({ id, count }) => [id, count]));
    expect(counts).toMatchObject({ conflict: 2, 'label-variants': 1, mojibake: 1, empty: 1, duplicate: 1 });
    const variants = report.issues.find(({ id }) => id === 'label-variants')?.variants;
    expect(variants).toEqual([{ keep: 'b', merge: ['B'], rows: 1, why: 'spelling' }]);
  });

  it('says in words what it found', async () => {
    const { code, stdout } = await startThaw(['health', '--data', path.join(folder, 'odd.csv')]).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('PROBLEM  2 rows have the same text as another and a different label (1 texts)');
    expect(stdout).toContain('→ Grüße an alle');
  });
});
