/** The id of a run's job: the same in every session, so that a resumed run takes the place of its interrupted job. */
export function trainingJobId(runId: string): string {
  return `train-${runId}`;
}
