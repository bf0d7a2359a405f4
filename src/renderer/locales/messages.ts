import { typesetAll } from '../../shared/typography';
import { de } from './de/de';
import { en } from './en/en';
import { fr } from './fr/fr';

/** All languages; each is checked against English by the compiler. */
export const messages = { en, de: typesetAll('de', de), fr: typesetAll('fr', fr) };
