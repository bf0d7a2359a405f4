/** The steps of the wizard, in order; also the names of the rail's entries. */
export const steps = ['import', 'label', 'language-model', 'classifier', 'inspect', 'export'] as const;
/** One step of the wizard. */
export type Step = (typeof steps)[number];
/** What fills the window: the home screen, or a step of the open project. */
export type View = 'home' | Step;
/** How far a step is: nothing to do yet, ready to be done, something is going on, finished, or somebody has to look. */
export type StepState = 'waiting' | 'ready' | 'active' | 'done' | 'attention';
