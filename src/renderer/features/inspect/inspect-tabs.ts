/** The tabs of the step "Inspect", in order. */
export const inspectTabs = [
  'overview',
  'classes',
  'confusion',
  'confidence',
  'rows',
  'slices',
  'changes',
  'try',
] as const;
