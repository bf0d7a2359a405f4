import { describe, expect, it } from 'vitest';
import { closingLine, countOfCheck, countOfPlaywright, countOfVitest } from '../../../scripts/lib/test-results.mjs';

const vitest = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] };

describe('the closing line of npm test', () => {
  it('sums checks, vitest and Playwright', () => {
    const counts = [
      countOfCheck(0),
      countOfCheck(1),
      countOfVitest(0, vitest),
      countOfPlaywright(1, { stats: { expected: 3, unexpected: 2, flaky: 0, skipped: 4 } }),
    ];
    expect(closingLine(counts)).toBe('9 passed, 3 failed');
  });

  it('counts a tool that left no report, ended badly, or ran nothing as a failure', () => {
    expect(countOfVitest(1, null)).toMatchObject({ failed: 1 });
    expect(countOfVitest(1, vitest)).toMatchObject({ passed: 5, failed: 1 });
    expect(countOfVitest(0, { ...vitest, numPassedTests: 0 })).toMatchObject({ failed: 1 });
    expect(countOfPlaywright(0, { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 7 } })).toMatchObject({
      failed: 1,
    });
  });

  it('counts a test file that could not be loaded', () => {
    const unloaded = { status: 'failed', assertionResults: [] };
    expect(countOfVitest(1, { ...vitest, testResults: [unloaded] })).toMatchObject({ passed: 5, failed: 1 });
  });

  it('counts a test that only passed when tried again as failed', () => {
    expect(countOfPlaywright(0, { stats: { expected: 1, unexpected: 0, flaky: 1, skipped: 0 } })).toMatchObject({
      failed: 1,
    });
  });
});
