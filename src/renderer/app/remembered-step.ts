import { steps, type Step, type View } from './steps';

const key = 'thaw.step';

/** Remembers, for the next start, at which step a project was left. Only the last project is kept. */
export function rememberStep(project: string, view: View): void {
  if (view !== 'home') localStorage.setItem(key, JSON.stringify([project, view]));
}

/** The step at which a project was left; null where that is not known. */
export function rememberedStep(project: string): Step | null {
  let kept: unknown;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null; // written by something else
  }
  if (!Array.isArray(kept) || kept[0] !== project) return null;
  return steps.find((step) => step === kept[1]) ?? null;
}
