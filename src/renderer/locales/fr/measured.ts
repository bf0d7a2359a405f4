import type { Messages } from '../en/en';

/** Ce qu’une mesure permet de dire, et ce qu’elle ne permet pas. */
export const measured: Pick<Messages, 'measured' | 'network' | 'failedRun'> = {
  measured: {
    few: '{right} sur {n}',
    fewRight: '{right} justes sur {n}',
    tooFew: {
      test: '{n} texte de test ne suffit pas pour mesurer : la vraie part peut se trouver n’importe où entre {low} et {high}. | {n} textes de test ne suffisent pas pour mesurer : la vraie part peut se trouver n’importe où entre {low} et {high}.',
      valid:
        '{n} texte réservé ne suffit pas pour mesurer : la vraie part peut se trouver n’importe où entre {low} et {high}. | {n} textes réservés ne suffisent pas pour mesurer : la vraie part peut se trouver n’importe où entre {low} et {high}.',
    },
    validation:
      'Sur {n} texte de validation, il répond juste pour {right} ({low} à {high}) ; ses poids ont été choisis d’après lui, ce qui le flatte un peu. | Sur {n} textes de validation, il répond juste pour {right} ({low} à {high}) ; ses poids ont été choisis d’après eux, ce qui le flatte un peu.',
    toDo: 'Ce qui aide : étiqueter plus de textes, ou garder une plus grande part pour la mesure finale (Nouvel essai, Autres options).',
    inList: 'trop peu pour mesurer',
    compared: 'Des chiffres sur moins de {n} textes ne suffisent ni pour mesurer, ni pour comparer.',
  },
  network: {
    no: 'Le réseau n’a encore rien appris : il ne donne que l’étiquette la plus fréquente. Plus d’étiquettes aident, ou plus de temps.',
    noBlended:
      'Le réseau n’a encore rien appris : les réponses reposent sur le comptage des mots. Plus d’étiquettes aident, ou plus de temps.',
    unsure:
      'On ne peut pas encore dire si le réseau a appris quelque chose. Plus d’étiquettes aident, ou plus de temps.',
  },
  failedRun: {
    why: 'Pourquoi il a échoué',
    startAgain: 'Recommencer',
    startAgainHint: 'Rien de cet entraînement n’a été enregistré ; il reprend depuis le début.',
  },
};
