import type { classifyFile as english } from '../en/classify-file';

/** Donner des étiquettes à un fichier, et mesurer sur un fichier. */
export const classifyFile: typeof english = {
  classifyFile: {
    title: 'Étiqueter un fichier',
    lead: 'Choisissez un fichier ou déposez-le ici : CSV, Excel, JSON, Parquet ou texte brut. Le fichier lui-même ne change pas.',
    choose: 'Choisir un fichier…',
    chooseTitle: 'Fichier à étiqueter',
    another: 'Un autre fichier…',
    about: 'environ {n} ligne | environ {n} lignes',
    missing:
      'Le modèle a appris de la colonne {columns}, absente de ce fichier. Choisissez ci-dessous ce qu’il faut lire à sa place. | Le modèle a appris des colonnes {columns}, absentes de ce fichier. Choisissez ci-dessous ce qu’il faut lire à leur place.',
    text: 'Texte',
    textOf: 'À la place de {column}',
    answers: 'Bonnes réponses, si le fichier en a',
    noAnswers: 'aucune',
    examples: 'Les premiers textes tels qu’ils seront lus',
    run: 'Étiqueter et enregistrer…',
    saveTitle: 'Enregistrer le fichier étiqueté',
    suffix: 'etiquete',
    measure: 'Combien de fois le modèle a-t-il raison ici ?',
    what: 'Un nouveau fichier CSV reçoit toutes les colonnes de celui-ci, l’étiquette dans « predicted » et la probabilité de chaque étiquette.',
    waits: 'Attend la fin de ce qui est en cours.',
    done: '{n} ligne traitée | {n} lignes traitées',
    left: 'encore {time}',
    pause: 'Suspendre',
    resume: 'Reprendre',
    written: '{n} ligne étiquetée | {n} lignes étiquetées',
    unanswered:
      '{n} ligne n’a pas reçu d’étiquette : le modèle est moins sûr que vous ne le demandez. | {n} lignes n’ont pas reçu d’étiquette : le modèle est moins sûr que vous ne le demandez.',
    rejected:
      '{n} ligne n’a pas pu être lue et manque dans le résultat. | {n} lignes n’ont pas pu être lues et manquent dans le résultat.',
    measured: 'Mesuré sur {n} ligne avec réponse | Mesuré sur {n} lignes avec réponse',
    unlabelled: '{n} ligne sans réponse a été laissée de côté. | {n} lignes sans réponse ont été laissées de côté.',
    unknown: 'Le modèle ne connaît pas ces étiquettes ; leurs lignes comptent comme fausses : {labels}.',
    command: 'Étiqueter un fichier',
  },
};
