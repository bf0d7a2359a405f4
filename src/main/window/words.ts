import type { Job, JobKind } from '../../shared/jobs';
import { jobWords } from '../../shared/job-words';
import { typesetAll } from '../../shared/typography';
import type { Language } from '../ipc/settings';

/** The few words that main itself shows: the menu, and what it asks when a window closes. */
export interface Words {
  readonly file: string;
  readonly edit: string;
  readonly view: string;
  readonly window: string;
  readonly undo: string;
  readonly redo: string;
  readonly cut: string;
  readonly copy: string;
  readonly paste: string;
  readonly selectAll: string;
  readonly actualSize: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fullScreen: string;
  readonly minimize: string;
  readonly close: string;
  readonly quit: string;
  readonly closingTitle: string;
  readonly closingDetail: string;
  readonly keepRunning: string;
  readonly stopAndSave: string;
  readonly cancel: string;
  readonly jobDone: string;
  readonly jobFailed: string;
  readonly jobs: Readonly<Record<JobKind, string>>;
  /** What a job does, and on which file: `{job}` and `{subject}`. */
  readonly jobOn: string;
  readonly newProject: string;
  readonly openProject: string;
  readonly openRecent: string;
  readonly noRecent: string;
  readonly importFile: string;
  readonly exportModel: string;
  readonly help: string;
  readonly keys: string;
  readonly documentation: string;
  readonly about: string;
}

const english: Words = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select all',
  actualSize: 'Actual size',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fullScreen: 'Full screen',
  minimize: 'Minimise',
  close: 'Close window',
  quit: 'Quit Thaw',
  closingTitle: 'A job is still running',
  closingDetail:
    'In the background it goes on without a window, and Thaw ends when it is done. Stopping saves what was learned; it can go on later.',
  keepRunning: 'Go on in the background',
  stopAndSave: 'Stop and save',
  cancel: 'Cancel',
  jobDone: 'Finished',
  jobFailed: 'Ended with an error',
  jobs: jobWords.en,
  jobOn: '{job}: {subject}',
  newProject: 'New project',
  openProject: 'Open project folder…',
  openRecent: 'Open recent',
  noRecent: 'No other project yet',
  importFile: 'Import file…',
  exportModel: 'Export…',
  help: 'Help',
  keys: 'Keys',
  documentation: 'Documentation',
  about: 'About Thaw',
};

const german: Words = {
  file: 'Datei',
  edit: 'Bearbeiten',
  view: 'Ansicht',
  window: 'Fenster',
  undo: 'Rückgängig',
  redo: 'Wiederholen',
  cut: 'Ausschneiden',
  copy: 'Kopieren',
  paste: 'Einfügen',
  selectAll: 'Alles auswählen',
  actualSize: 'Originalgröße',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  fullScreen: 'Vollbild',
  minimize: 'Minimieren',
  close: 'Fenster schließen',
  quit: 'Thaw beenden',
  closingTitle: 'Ein Auftrag läuft noch',
  closingDetail:
    'Im Hintergrund läuft er ohne Fenster weiter, und Thaw endet, wenn er fertig ist. Wird er gestoppt, bleibt das Gelernte gespeichert, und er kann später weitergehen.',
  keepRunning: 'Im Hintergrund weiter',
  stopAndSave: 'Stoppen und speichern',
  cancel: 'Abbrechen',
  jobDone: 'Fertig',
  jobFailed: 'Mit einem Fehler beendet',
  jobs: jobWords.de,
  jobOn: '{job}: {subject}',
  newProject: 'Neues Projekt',
  openProject: 'Projektordner öffnen …',
  openRecent: 'Zuletzt geöffnet',
  noRecent: 'Noch kein anderes Projekt',
  importFile: 'Datei importieren …',
  exportModel: 'Exportieren …',
  help: 'Hilfe',
  keys: 'Tasten',
  documentation: 'Dokumentation',
  about: 'Über Thaw',
};

const french: Words = {
  file: 'Fichier',
  edit: 'Édition',
  view: 'Affichage',
  window: 'Fenêtre',
  undo: 'Annuler',
  redo: 'Rétablir',
  cut: 'Couper',
  copy: 'Copier',
  paste: 'Coller',
  selectAll: 'Tout sélectionner',
  actualSize: 'Taille réelle',
  zoomIn: 'Agrandir',
  zoomOut: 'Réduire',
  fullScreen: 'Plein écran',
  minimize: 'Réduire la fenêtre',
  close: 'Fermer la fenêtre',
  quit: 'Quitter Thaw',
  closingTitle: 'Une tâche est encore en cours',
  closingDetail:
    'En arrière-plan, elle continue sans fenêtre et Thaw se ferme à la fin. Arrêter enregistre ce qui a été appris ; elle pourra reprendre plus tard.',
  keepRunning: 'Continuer en arrière-plan',
  stopAndSave: 'Arrêter et enregistrer',
  cancel: 'Annuler',
  jobDone: 'Terminé',
  jobFailed: 'Terminé par une erreur',
  jobs: jobWords.fr,
  jobOn: '{job} : {subject}',
  newProject: 'Nouveau projet',
  openProject: 'Ouvrir un dossier de projet…',
  openRecent: 'Projets récents',
  noRecent: 'Pas encore d’autre projet',
  importFile: 'Importer un fichier…',
  exportModel: 'Exporter…',
  help: 'Aide',
  keys: 'Touches',
  documentation: 'Documentation',
  about: 'À propos de Thaw',
};

/** The words of each language. */
export const words: Readonly<Record<Language, Words>> = {
  en: english,
  de: typesetAll('de', german),
  fr: typesetAll('fr', french),
};

/** What a job is called in a language: what it does, and on which file. */
export function jobTitle({ kind, subject }: Pick<Job, 'kind' | 'subject'>, { jobs, jobOn }: Words): string {
  if (subject === null || subject === undefined) return jobs[kind];
  return jobOn.replace('{job}', () => jobs[kind]).replace('{subject}', () => subject);
}
