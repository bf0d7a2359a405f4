import { describe, expect, it } from 'vitest';
import { refusal } from '../../../scripts/lint/import-table.mjs';

describe('the table of who may import whom', () => {
  it.each([
    ['shared/jobs.ts', 'zod'],
    ['engine/text/rules.ts', '../../shared/errors'],
    ['engine/text/rules.ts', 'node:fs'],
    ['engine/tasks/train.ts', '../store/project-store'],
    ['engine/store/project-store.ts', '@duckdb/node-api'],
    ['main/workers/tensorflow.ts', '@tensorflow/tfjs-node-gpu'],
    ['main/host/engine-host.ts', '../../engine/text/rules'],
    ['main/cli/index.ts', '../host/engine-host'],
    ['main/window/shell.ts', 'electron'],
    ['main/index.ts', './window/shell'],
    ['preload/index.ts', 'electron'],
    ['renderer/app/main.ts', 'vue'],
    ['renderer/app/main.ts', '../../shared/contract'],
  ])('%s may import %s', (file, source) => {
    expect(refusal(file, source)).toBeNull();
  });

  it.each([
    ['shared/jobs.ts', 'node:fs'],
    ['shared/jobs.ts', '../engine/text/rules'],
    ['engine/text/rules.ts', 'electron'],
    ['engine/text/rules.ts', '../../main/platform/paths'],
    ['engine/text/rules.ts', '@duckdb/node-api'],
    ['engine/kernels/native.ts', '@tensorflow/tfjs-node-gpu'],
    ['main/host/engine-host.ts', 'electron'],
    ['main/host/engine-host.ts', '@tensorflow/tfjs-node-gpu'],
    ['main/host/engine-host.ts', '../ipc/router'],
    ['main/cli/index.ts', 'electron'],
    ['main/window/shell.ts', '../../engine/text/rules'],
    ['preload/index.ts', '../main/ipc/router'],
    ['renderer/app/main.ts', '../../engine/text/rules'],
    ['renderer/app/main.ts', 'electron'],
    ['renderer/app/main.ts', 'node:path'],
  ])('%s may not import %s', (file, source) => {
    expect(refusal(file, source)).toMatch(/may not/);
  });
});
