import { changeKinds, type LabelStep } from '../../../shared/label-types';

/** Whether a step is about which rows are used. */
export function isAsideStep({ kind }: LabelStep): boolean {
  return kind === 'aside' || kind === 'restore';
}

/** Whether a step is about labels and marks; the others change texts, how rows are divided, which are used, or files. */
export function isLabelStep(step: LabelStep): boolean {
  return !isAsideStep(step) && !(changeKinds as readonly string[]).includes(step.kind);
}

/** Whether a step leaves texts, labels and marks as they are: it only divides the rows. */
export function onlyDivides({ kind }: LabelStep): boolean {
  return kind === 'divide' || kind === 'undivide' || kind === 'lock' || kind === 'unlock';
}
