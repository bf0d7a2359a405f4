import { describe, expect, it } from 'vitest';
import { acceptTarget, type AcceptState } from '../../src/renderer/features/label/accept-target';

const labels = ['billing', 'delivery', 'praise'].map((name) => ({ name, count: 1, color: '#000000' }));
const state = (more: Partial<AcceptState> = {}): AcceptState => ({
  typed: '',
  shown: labels,
  draft: [],
  suggested: ['praise'],
  predicted: [
    { label: 'praise', probability: 0.6 },
    { label: 'gone', probability: 0.3 },
    { label: 'billing', probability: 0.1 },
  ],
  multiLabel: false,
  ...more,
});

describe('what Enter takes', () => {
  it('is the suggestion, and with Shift the second one among the labels there are', () => {
    expect(acceptTarget(state())).toEqual({ kind: 'suggested', labels: ['praise'] });
    expect(acceptTarget(state(), 1)).toEqual({ kind: 'choose', label: 'billing' });
    expect(acceptTarget(state({ suggested: [], predicted: [] }))).toBeNull();
  });

  it('is what a search has found before all else, and nothing where it finds nothing', () => {
    const typed = state({ typed: 'li', shown: labels.slice(0, 2) });
    expect(acceptTarget(typed)).toEqual({ kind: 'choose', label: 'billing' });
    expect(acceptTarget(typed, 1)).toEqual({ kind: 'choose', label: 'delivery' });
    expect(acceptTarget(state({ typed: 'xyz', shown: [] }))).toBeNull();
  });

  it('is the ticked labels where a row can have several', () => {
    const ticked = state({ multiLabel: true, draft: ['delivery'] });
    expect(acceptTarget(ticked)).toEqual({ kind: 'save', labels: ['delivery'] });
    expect(acceptTarget({ ...ticked, typed: 'pr', shown: labels.slice(2) })).toEqual({
      kind: 'choose',
      label: 'praise',
    });
  });
});
