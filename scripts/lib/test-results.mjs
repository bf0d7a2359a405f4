/**
 * What the steps of `npm test` say, as numbers. A tool that ends badly without naming a failed test (it crashed, it
 * could not load a file, it was ended for taking too long) counts as one failure: nothing that went wrong is lost.
 */

/** A step without single tests (lint, types): one passed or one failed. */
export function countOfCheck(code) {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function withCrash(count, code) {
  const failed = count.failed === 0 && (code !== 0 || count.passed === 0) ? 1 : count.failed;
  return { ...count, failed };
}

/** vitest's JSON report; a file that could not be loaded has no tests and counts as one failure. */
export function countOfVitest(code, report) {
  if (report === null) return countOfCheck(1);
  const unloaded = (report.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  return withCrash({ passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length, skipped }, code);
}

/** Playwright's JSON report; a test that passed only when tried again counts as failed. */
export function countOfPlaywright(code, report) {
  if (report === null) return countOfCheck(1);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return withCrash({ passed: expected, failed: unexpected + flaky, skipped }, code);
}

/** The closing line of `npm test`. */
export function closingLine(counts) {
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}
