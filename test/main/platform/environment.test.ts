import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choosePrecision, hasFastBf16, prepareEnvironment } from '../../../src/main/platform/environment';
import { bundleFolder, cacheFolder, resourcesFolder } from '../../../src/main/platform/paths';
import { cacheFolder as cacheFolderOfScripts } from '../../../scripts/lib/cache.mjs';

const amx = new Set(['avx512f', 'amx_bf16']);
const plain = new Set(['avx2']);

describe('the precision', () => {
  it('is bf16 where the CPU multiplies it in hardware, else fp32', () => {
    expect(choosePrecision(undefined, {}, amx).precision).toBe('bf16');
    expect(choosePrecision(undefined, {}, plain).precision).toBe('fp32');
    expect(hasFastBf16(new Set(['avx512_bf16']))).toBe(true);
  });

  it('follows the command, and THAW_PRECISION before it', () => {
    expect(choosePrecision('fp32', {}, amx).precision).toBe('fp32');
    expect(choosePrecision('fp32', { THAW_PRECISION: 'bf16' }, amx).precision).toBe('bf16');
  });

  it('refuses a word it does not know', () => {
    expect(() => choosePrecision(undefined, { THAW_PRECISION: 'fp16' }, amx)).toThrow(
      'THAW_PRECISION is "fp16"; expected fp32 or bf16.',
    );
  });
});

describe('the folders', () => {
  it('are found from the sources', () => {
    const root = process.cwd();
    expect(bundleFolder()).toBe(join(root, 'out', 'main'));
    expect(resourcesFolder()).toBe(join(root, 'resources'));
  });

  it('name the cache as set-up does, on every platform', () => {
    const envs = [{}, { THAW_CACHE: '/c' }, { XDG_CACHE_HOME: '/x' }, { LOCALAPPDATA: '/l' }];
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      for (const env of envs) {
        expect(cacheFolder({ env, platform, home: '/home/a' })).toBe(cacheFolderOfScripts(env, platform, '/home/a'));
      }
    }
    expect(cacheFolder({ env: {}, platform: 'linux', home: '/home/a' })).toBe(join('/home/a', '.cache', 'thaw'));
  });
});

it('sets what TensorFlow reads for the process, by the precision that was chosen', () => {
  const { precision } = prepareEnvironment({ precision: 'fp32' });
  expect(precision).toBe('fp32');
  expect(process.env.ONEDNN_DEFAULT_FPMATH_MODE).toBe('STRICT');
  prepareEnvironment({ precision: 'bf16' });
  expect(process.env.ONEDNN_DEFAULT_FPMATH_MODE).toBe('BF16');
});
