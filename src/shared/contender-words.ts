import type { ContenderFigures, ReportLanguage } from './inspect-types';

/**
 * What those that are compared on the same rows are called, in every language: in the window, in reports, and (in English) on
 * the command line. `{label}` is the most frequent label.
 */
export const contenderWords = {
  en: {
    deep: 'Network alone',
    blend: 'Network and word counts',
    baseline: 'Word counts (TF‑IDF)',
    majority: 'Always “{label}”',
  },
  de: {
    deep: 'Netz allein',
    blend: 'Netz und Wörterzählen',
    baseline: 'Wörterzählen (TF‑IDF)',
    majority: 'Immer „{label}“',
  },
  fr: {
    deep: 'Réseau seul',
    blend: 'Réseau et comptage des mots',
    baseline: 'Comptage des mots (TF‑IDF)',
    majority: 'Toujours « {label} »',
  },
} satisfies Readonly<Record<ReportLanguage, Readonly<Record<ContenderFigures['id'], string>>>>;
