/** What can be said of a measurement, and what cannot. */
export const measured = {
  measured: {
    few: '{right} of {n}',
    fewRight: '{right} of {n} right',
    tooFew: {
      test: '{n} test text is too few to measure by: the true share may lie anywhere from {low} to {high}. | {n} test texts are too few to measure by: the true share may lie anywhere from {low} to {high}.',
      valid:
        '{n} held-out text is too few to measure by: the true share may lie anywhere from {low} to {high}. | {n} held-out texts are too few to measure by: the true share may lie anywhere from {low} to {high}.',
    },
    validation:
      'On {n} validation text it gets {right} right ({low} to {high}); its weights were chosen by it, which flatters a little. | On {n} validation texts it gets {right} right ({low} to {high}); its weights were chosen by them, which flatters a little.',
    toDo: 'What helps: label more texts, or keep a larger share for the final measurement (New run, More options).',
    inList: 'too few to measure by',
    compared: 'Figures on fewer than {n} texts are too few to measure by, and to compare.',
  },
  network: {
    no: 'The network has learned nothing yet: it tells no more than which label is the most frequent. More labels help, or more time.',
    noBlended:
      'The network has learned nothing yet: the answers rest on the word counts. More labels help, or more time.',
    unsure: 'Whether the network has learned anything cannot be told yet. More labels help, or more time.',
  },
  failedRun: {
    why: 'Why it failed',
    startAgain: 'Start it again',
    startAgainHint: 'Nothing of its training was saved, so it begins at the beginning.',
  },
};
