import { englishNotes, englishScores, englishTimes } from '../../../shared/note-words';
import type { RunNoteCode } from '../../../shared/run-notes';

/** The engine's own English; here only so that other languages are held to it. */
const notes: Readonly<Record<RunNoteCode, string>> = englishNotes;
const times: Readonly<Record<keyof typeof englishTimes, string>> = englishTimes;

const scores: Readonly<Record<keyof typeof englishScores, string>> = englishScores;

/** What a plan gives as its reasons and warnings, and what a run tells on its way. */
export const runNotes = {
  runNotes: notes,
  noteTimes: times,
  noteScores: scores,
  planWarnings: {
    title: 'Worth knowing before you start',
    label: 'Label more rows',
    more: 'Add more texts',
    share: 'Keep {share} for the test',
    columns: 'Look at the columns',
    minutes: 'Allow {time}',
  },
};
