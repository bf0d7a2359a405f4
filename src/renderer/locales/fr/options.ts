import type { Messages } from '../en/en';
import { optionWords } from './option-words';

/** Le panneau de toutes les options du moteur. */
export const options: Pick<Messages, 'options'> = {
  options: {
    title: 'Toutes les options',
    lead: 'Chaque option du moteur. Ce que vous ne touchez pas est choisi par le plan.',
    count: '{n} option | {n} options',
    search: 'Chercher dans les options',
    none: 'Aucune option ne correspond à « {search} ».',
    noneChanged: 'Rien n’est modifié : chaque option est telle que le plan la choisit.',
    show: 'Options affichées',
    all: 'Toutes',
    changed: 'Modifiées',
    changedCount: 'Modifiées ({n})',
    changedChip: 'modifiée',
    reset: 'Réinitialiser {name}',
    resetShort: 'Réinitialiser',
    resetAll: 'Tout réinitialiser',
    undoReset: 'Annuler la réinitialisation',
    usual: 'Par défaut : {usual}',
    byPlan: 'par défaut',
    on: 'oui',
    off: 'non',
    follows: 'D’après : {symbol}',
    invalid: '{n} option a une valeur qui ne convient pas. | {n} options ont des valeurs qui ne conviennent pas.',
    showInvalid: 'Montrer',
    expect: {
      between: 'Un nombre de {least} à {most} est attendu.',
      atLeast: 'Un nombre d’au moins {least} est attendu.',
      wholeBetween: 'Un nombre entier de {least} à {most} est attendu.',
      wholeAtLeast: 'Un nombre entier d’au moins {least} est attendu.',
      numbers: '{count} nombres de {least} à {most}, séparés par des espaces, sont attendus.',
      text: 'Cette valeur ne convient pas.',
    },
    groups: {
      text: 'Mots',
      encoder: 'Réseau',
      'language-model': 'Modèle de langue',
      classifier: 'Classifieur',
      training: 'Optimiseur et évolution du taux',
      ensemble: 'Sens de lecture et mélange',
    },
    ...optionWords,
    of: {
      tokenizer: {
        effect:
          'Des mots, ou des sous-mots d’un modèle SentencePiece appris sur les textes (ou fourni avec le modèle de langue préentraîné).',
        usual: 'ceux du modèle de langue préentraîné ; des mots en partant de zéro',
      },
      language: {
        effect:
          'La langue des textes, dont les règles les coupent en mots : zh, ja, th, lo, km, my sans espaces ; de, fr, it, ca selon leurs propres règles ; les autres selon les règles communes.',
        usual: 'reconnue aux lettres et aux petits mots des textes',
      },
      maxVocabulary: {
        effect: 'Nombre maximal d’entrées du vocabulaire ; pour les sous-mots, de morceaux.',
        usual: '60 000 mots ; 30 000 sous-mots, moins pour peu de textes',
      },
      minCount: { effect: 'Un mot vu moins souvent est tenu pour inconnu.', usual: '2' },
      unseenWords: {
        effect:
          'Les mots que le modèle de langue préentraîné connaît et que vos textes n’ont pas : gardés, le classifieur sait les lire dans de nouveaux textes ; écartés, son dossier est plus petit.',
        usual: 'keep',
      },
      encoder: {
        effect:
          'Les couches récurrentes du modèle de langue et du classifieur. Si elles diffèrent de celles du modèle préentraîné, seul son plongement est repris et les couches partent de zéro.',
        usual: 'celles du modèle préentraîné ; AWD-LSTM en partant de zéro',
      },
      bidirectional: {
        effect:
          'Chaque couche du classifieur lit dans les deux sens, chacun avec la moitié de sa largeur. Aucun modèle de langue ne le peut : les couches partent de zéro.',
        usual: 'non',
      },
      newWordRows: {
        effect:
          'Ce par quoi commencent les mots que le modèle préentraîné ne connaît pas : la moyenne de tous les mots, ou celle des mots de même racine ou de même terminaison.',
        usual: 'mean',
      },
      embeddingSize: {
        effect: 'Largeur du plongement et de la dernière couche.',
        usual: 'celle du modèle préentraîné ; 256 en partant de zéro',
      },
      hiddenSize: {
        effect: 'Largeur des autres couches.',
        usual: 'celle du modèle préentraîné ; 640 en partant de zéro',
      },
      layers: {
        effect: 'Nombre de couches récurrentes.',
        usual: 'celui du modèle préentraîné ; 2 en partant de zéro',
      },
      qrnnWindow: {
        effect: 'Mots que la première couche quasi récurrente voit à la fois ; les suivantes en voient un.',
        usual: '2',
      },
      qrnnPooling: {
        effect: 'Si les couches quasi récurrentes ont une porte de sortie.',
        usual: 'fo',
      },
      zoneOut: {
        effect: 'Part des cellules quasi récurrentes qui gardent leur valeur un pas durant, pendant l’entraînement.',
        usual: '0',
      },
      lmEpochs: {
        effect: 'Passages sur tous les textes où tout le modèle de langue apprend.',
        usual: 'selon la quantité de texte et le soin voulu',
      },
      lmNewRowsEpochs: {
        effect:
          'Passages où seuls le plongement et son décodeur apprennent d’abord, pour que les mots nouveaux trouvent leur place ; 0 les supprime.',
        usual: 'un tiers des passages sur tous les textes, au plus 1, s’il y a des mots nouveaux',
      },
      lmRate: {
        effect: 'Le taux d’apprentissage maximal du modèle de langue.',
        usual:
          '0,004 (0,005 en partant de zéro) ; SGD avec momentum 0,4 (2), SGD simple et moyenné 2 (10) ; un huitième si le modèle connaît les phrases',
      },
      lmOptimiser: {
        effect:
          'Comment les poids du modèle de langue suivent leurs gradients ; le SGD moyenné en fait la moyenne dès que la validation ne progresse plus.',
        usual: 'adam',
      },
      lmSchedule: {
        effect: 'Comment le taux d’apprentissage du modèle de langue monte et descend au cours d’une étape.',
        usual: 'one-cycle',
      },
      lmDiscriminative: {
        effect:
          'Chaque couche du modèle de langue apprend d’autant moins vite que celle du dessus ; 1 : toutes pareilles.',
        usual: '1',
      },
      lmDropMultiplier: { effect: 'Multiplie les cinq dropouts du modèle de langue.', usual: '0,7' },
      lmBatchSize: {
        effect: 'Nombre de flux de texte que le modèle de langue lit côte à côte.',
        usual: '8, 32 ou 48, selon la quantité de texte',
      },
      lmBptt: {
        effect: 'Mots d’une fenêtre du modèle de langue : jusqu’où remonte son gradient.',
        usual: '40, 48 ou 64, selon la quantité de texte',
      },
      lmVariableBptt: {
        effect:
          'Tire au sort la longueur de chaque fenêtre : 95 % autour de la longueur d’une fenêtre, 5 % autour de sa moitié.',
        usual: 'oui',
      },
      lmWeightDecay: {
        effect: 'Ramène les poids du modèle de langue vers zéro à chaque pas.',
        usual: '0,01 (0,0000012 avec le SGD simple ou moyenné)',
      },
      lmClip: { effect: 'Norme maximale du gradient du modèle de langue ; 0 ne coupe jamais.', usual: '0,25' },
      lmAlpha: { effect: 'Pénalité d’activation : garde petites les sorties de la dernière couche.', usual: '2' },
      lmBeta: {
        effect: 'Pénalité temporelle d’activation : empêche les sorties de la dernière couche de sauter.',
        usual: '1',
      },
      lmLabelSmoothing: {
        effect: 'Part de la cible répartie sur tous les mots pendant l’entraînement du modèle de langue.',
        usual: '0',
      },
      lmStateReset: {
        effect:
          'Chance de chaque ligne, avant chaque fenêtre, de partir d’un état vide, comme les textes d’un classifieur.',
        usual: '0,05',
      },
      lmBest: {
        effect:
          'Quels poids du modèle de langue sont gardés : ceux de l’époque à la plus faible perte de validation, ou les derniers.',
        usual: 'loss',
      },
      lmPatience: {
        effect:
          'Termine une étape du modèle de langue après tant d’époques sans perte de validation plus faible ; 0 : jamais.',
        usual: '0',
      },
      classifierEpochs: {
        effect: 'Passages sur les textes étiquetés où tout apprend (ou la tête, quand elle apprend seule).',
        usual: 'selon la quantité de texte et le soin voulu',
      },
      classifierHeadEpochs: {
        effect: 'Passages où seule la tête apprend sur l’encodeur gelé ; 0 les supprime.',
        usual: '8',
      },
      classifierStageEpochs: {
        effect: 'Passages de chaque étape entre la tête et le modèle entier ; 0 supprime ces étapes.',
        usual: 'un quart des passages sur les textes étiquetés, au plus 1',
      },
      classifierRate: {
        effect:
          'Le taux maximal quand tout apprend ; les étapes précédentes gardent leur rapport à lui (2,5, 2,5, 1,25).',
        usual: '0,003 ; SGD avec momentum 0,3, SGD simple et moyenné 1,5',
      },
      classifierOptimiser: { effect: 'Comment les poids du classifieur suivent leurs gradients.', usual: 'adam' },
      classifierSchedule: {
        effect: 'Comment le taux d’apprentissage du classifieur monte et descend au cours d’une étape.',
        usual: 'one-cycle',
      },
      classifierDiscriminative: {
        effect: 'Chaque couche du classifieur apprend d’autant moins vite que celle du dessus ; 1 : toutes pareilles.',
        usual: '1,4',
      },
      unfreezing: {
        effect:
          'Quelles parties apprennent quand : couche par couche depuis le haut, tout à la fois, la tête seule, une partie à tour de rôle, ou aucune : une tête linéaire est alors ajustée d’un coup sur les couches inchangées.',
        usual: 'couche par couche ; rien avec moins de 300 textes étiquetés, si le modèle a appris les phrases',
      },
      pooling: {
        effect:
          'Ce qui résume un texte pour la tête : dernier état, maximum et moyenne sur ses mots, ou une partie d’entre eux.',
        usual: 'concat',
      },
      pooledOutputs: {
        effect:
          'Combien de sorties de l’encodeur sont résumées pour la tête : 1 celle de la dernière couche, 2 aussi celle du dessous, et ainsi jusqu’aux mots eux-mêmes.',
        usual: '1 ; 2 avec une tête linéaire',
      },
      classifierDropMultiplier: {
        effect: 'Multiplie les dropouts de l’encodeur pendant que le classifieur apprend.',
        usual: '1 (de 0,05 0,25 0,2 0,15 : plus faible que fastai)',
      },
      headDropouts: {
        effect: 'Dropout avant la couche cachée de la tête et avant sa sortie.',
        usual: '0,3 0,1',
      },
      classifierBatchSize: {
        effect: 'Nombre maximal de textes d’un lot ; les longs textes viennent par lots plus petits.',
        usual: '32',
      },
      classifierBptt: {
        effect: 'Mots d’un morceau dans lequel l’encodeur lit un texte, son état passant de l’un à l’autre.',
        usual: '70',
      },
      classifierBatches: {
        effect:
          'Si des textes de longueur voisine viennent ensemble (peu de remplissage) ou n’importe lesquels (plus de hasard).',
        usual: 'sortish',
      },
      maxTokens: {
        effect: 'Les textes sont coupés après tant de mots.',
        usual: '64 à 256, 128 à 600 ou jamais, selon le soin voulu : de quoi laisser quatre passages',
      },
      gradientTokens: {
        effect: 'Le gradient (et le résumé à l’entraînement) remonte tant de mots depuis la fin d’un long texte.',
        usual: '1 400',
      },
      classifierWeightDecay: {
        effect: 'Ramène les poids du classifieur vers zéro à chaque pas.',
        usual: '0,01 (0,0000012 avec le SGD simple ou moyenné)',
      },
      classifierClip: { effect: 'Norme maximale du gradient du classifieur ; 0 ne coupe jamais.', usual: '0,25' },
      labelSmoothing: {
        effect: 'Part de chaque cible répartie sur toutes les étiquettes, pour que le modèle soit moins sûr de lui.',
        usual: '0',
      },
      focalGamma: {
        effect: 'Compte d’autant moins les textes dont le modèle est déjà sûr ; 0 est l’entropie croisée ordinaire.',
        usual: '0',
      },
      bestBy: {
        effect:
          'Quels poids du classifieur sont gardés : ceux de l’époque à la meilleure exactitude (F1 pour plusieurs étiquettes), à la plus faible perte de validation, ou les derniers.',
        usual: 'ceux du plus de bonnes réponses ; avec moins de 100 textes de validation, de la plus faible perte',
      },
      patience: {
        effect:
          'Termine une étape du classifieur après tant d’époques où la mesure des poids gardés n’a pas progressé ; 0 : jamais.',
        usual: '0',
      },
      momentums: {
        effect:
          'Momentum (bêta 1 d’Adam) au début, au taux maximal et à la fin d’un cycle ; les autres évolutions gardent le premier.',
        usual: '0,8 0,7 0,8',
      },
      pctStart: { effect: 'Part d’un cycle où le taux monte.', usual: '0,25' },
      div: { effect: 'Un cycle commence au taux maximal divisé par ce nombre.', usual: '25' },
      divFinal: { effect: 'Le cycle et le cosinus finissent au taux maximal divisé par ce nombre.', usual: '100 000' },
      cutFraction: { effect: 'Part des pas où le taux monte dans le triangle incliné.', usual: '0,1' },
      cutRatio: {
        effect: 'Combien de fois le plus petit taux du triangle incliné est inférieur à son plus grand.',
        usual: '32',
      },
      beta2: { effect: 'Combien de temps Adam se souvient de la taille des gradients.', usual: '0,99' },
      nonMonotone: {
        effect:
          'NT-ASGD commence à faire la moyenne quand la validation est moins bonne que la meilleure de toutes les époques, sauf tant de dernières.',
        usual: '5',
      },
      retries: {
        effect:
          'Combien de fois un essai revient à ses derniers bons poids, à la moitié du taux, quand un nombre n’est plus fini.',
        usual: '3',
      },
      direction: {
        effect:
          'Dans quel sens les textes sont lus. Dans les deux sens, deux modèles de langue et deux classifieurs sont entraînés l’un après l’autre et leurs probabilités moyennées, avec des poids choisis sur la validation.',
        usual: 'forward',
      },
      pretrainedBackward: {
        effect: 'Le modèle de langue préentraîné à rebours dont part la lecture à rebours.',
        usual: 'celui qui est fourni ; s’il n’y en a pas, la lecture à rebours part de zéro, et l’essai le dit',
      },
      blend: {
        effect:
          'Si les prédictions mêlent le modèle et le comptage des mots (TF-IDF). Cela paie quand une validation croisée le dit.',
        usual: 'auto',
      },
    },
  },
};
