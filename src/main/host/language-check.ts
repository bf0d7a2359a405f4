import path from 'node:path';
import { detectLanguage } from '../../engine/text/detect-language';
import type { RunNote } from '../../shared/run-notes';
import type { RunOptions } from '../../shared/run-options';
import type { LanguageMismatch } from '../../shared/training-types';
import { catalogue } from './models/catalogue';
import type { OpenProject } from './open-project';
import { tokenizerOfModel } from './run-tokenizer';

/** Texts that a language is told from, taken from all over the rows. */
const sampleRows = 400;
const samplePages = 8;

/** Some texts from all over a project. */
export async function spreadTexts(project: OpenProject): Promise<readonly string[]> {
  const { rows } = project.store.counts();
  const each = sampleRows / samplePages;
  const step = Math.max(each, Math.floor(rows / samplePages));
  const texts: string[] = [];
  for (let offset = 0; offset < rows && texts.length < sampleRows; offset += step) {
    texts.push(...(await project.store.page({}, offset, each)).rows.map((row) => row.text));
  }
  return texts;
}

/**
 * The mismatch of texts in another language than the language model has read; null where they fit, or where the
 * language of the texts cannot be told.
 * @param pretrained folders of the language models that a run starts from
 * @throws AppError `model-format`
 */
export async function languageMismatch(
  pretrained: readonly string[],
  texts: readonly string[],
  options: RunOptions,
): Promise<LanguageMismatch | null> {
  const found = options.language === undefined ? detectLanguage(texts) : { language: options.language, certain: true };
  if (!found.certain) return null;
  const { language } = found;
  for (const folder of pretrained) {
    // Models of before languages were written down are English.
    const read = (await tokenizerOfModel(folder)).language ?? 'en';
    if (read === language) continue;
    const fitting = catalogue.filter((entry) => entry.language === language && !entry.backward).map(({ id }) => id);
    return { model: path.basename(folder), read, texts: language, fitting };
  }
  return null;
}

/** A mismatch as a note, with what to do. */
export function mismatchNote({ model, read, texts, fitting }: LanguageMismatch): RunNote {
  const found = { model, readLanguage: read, textsLanguage: texts };
  return fitting.length > 0
    ? { code: 'other-language', ...found, fitting }
    : { code: 'other-language-alone', ...found };
}
