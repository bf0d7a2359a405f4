import type { JobKind } from './jobs';

type JobWords = Readonly<Record<JobKind, string>>;

const english: JobWords = {
  import: 'Importing',
  train: 'Training',
  'predict-file': 'Predicting',
  evaluate: 'Measuring',
  export: 'Exporting',
  'find-rate': 'Finding a learning rate',
  ablate: 'Ablation',
};

const german: JobWords = {
  import: 'Import',
  train: 'Training',
  'predict-file': 'Vorhersage',
  evaluate: 'Messung',
  export: 'Export',
  'find-rate': 'Lernratensuche',
  ablate: 'Ablation',
};

const french: JobWords = {
  import: 'Importation',
  train: 'Entraînement',
  'predict-file': 'Prédiction',
  evaluate: 'Mesure',
  export: 'Exportation',
  'find-rate': 'Recherche du taux d’apprentissage',
  ablate: 'Ablation',
};

/** What each kind of job is called: by the window, by the system's notes, and where it is asked before closing. */
export const jobWords = { en: english, de: german, fr: french } as const;
