import type { Messages } from '../en/en';

/** Écrire des lignes dans des fichiers. */
export const save: Pick<Messages, 'save'> = {
  save: {
    rows: 'Enregistrer en CSV…',
    rowsHint: 'Écrit les lignes affichées avec étiquettes, répartition, notes et avis du modèle',
    rowsTitle: 'Enregistrer les lignes',
    rowsName: '{name} lignes',
    rowsDone: '{n} ligne écrite dans {file} | {n} lignes écrites dans {file}',
    rejected: 'Enregistrer cette liste…',
    rejectedTitle: 'Enregistrer les lignes refusées',
    rejectedName: '{name} lignes refusées',
    rejectedDone: '{n} ligne écrite dans {file} | {n} lignes écrites dans {file}',
  },
};
