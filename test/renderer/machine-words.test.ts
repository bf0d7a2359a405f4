import { describe, expect, it } from 'vitest';
import { makeFormat } from '../../src/renderer/app/format';
import { createTranslations } from '../../src/renderer/app/i18n';
import { sayOfMachine } from '../../src/renderer/app/machine-words';

const say = (language: 'de' | 'fr', sentence: string): string => {
  const { t } = createTranslations(language).global;
  return sayOfMachine(sentence, (key, named) => t(key, named), makeFormat(language));
};

describe('what is said of the machine', () => {
  it('is said in the language, with its numbers and units', () => {
    expect(say('de', '25.3 GB, 23.1 GB of it free')).toBe('25,3\u00a0GB, davon 23,1\u00a0GB frei');
    expect(say('fr', '25.3 GB, 23.1 GB of it free')).toBe('25,3\u00a0Go, dont 23,1\u00a0Go libres');
    expect(say('de', 'native, Thaw’s own (avx2, 2 threads)')).toBe('nativ, die von Thaw (avx2, 2 Threads)');
  });

  it('says why something is so in the language too, also what set-up noted', () => {
    expect(say('fr', 'not the official release: its release host is not reachable.')).toBe(
      'pas la version officielle\u00a0: la source était inaccessible à l’installation.',
    );
    expect(
      say(
        'de',
        'TensorFlow 2.21.0 (CPU). Not by way of the official libraries: their host is not reachable (ENOTFOUND).',
      ),
    ).toBe(
      'TensorFlow 2.21.0 (CPU). Nicht aus den offiziellen Bibliotheken: Die Quelle war bei der Einrichtung nicht zu erreichen.',
    );
  });

  it('stays as it is where there are no words for it', () => {
    expect(say('de', 'not the official release: the moon was full.')).toBe(
      'nicht die offizielle Ausgabe: the moon was full.',
    );
  });
});
