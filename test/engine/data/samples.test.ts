import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellMethods } from '../../../src/shared/contract';
import { checkFile } from '../../../src/engine/data/check-file';
import { previewFile } from '../../../src/engine/data/preview-file';

const FOLDER = join(__dirname, '../../../resources/samples');
const samples = shellMethods['shell.samples'].response.parse(
  JSON.parse(readFileSync(join(FOLDER, 'samples.json'), 'utf8')),
);

describe('the samples that come with the application', () => {
  it.each(samples)(
    '$id imports whole, as it is listed, and names its source and licence',
    async ({ file, text, label }) => {
      const path = join(FOLDER, file);
      const preview = await previewFile(path, {});
      const named = (role: string): string[] =>
        preview.columns.filter(({ suggestedRole }) => suggestedRole === role).map(({ name }) => name);
      expect(named('text')).toEqual(text);
      expect(named('label')).toEqual(label);
      expect(await checkFile(path, {})).toMatchObject({
        encoding: 'utf-8',
        rejectedCount: 0,
        rows: label.length > 0 ? 3000 : 2000,
      });
      const licence = join(dirname(path), 'LICENSE.md');
      expect(existsSync(licence)).toBe(true);
      expect(readFileSync(licence, 'utf8')).toMatch(/CC BY 4\.0[\s\S]*Changed here/);
    },
  );

  it('one has labels and one has none', () => {
    expect(samples.map(({ label }) => label.length)).toEqual([1, 0]);
  });
});
