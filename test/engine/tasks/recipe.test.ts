import { describe, expect, it } from 'vitest';
import { classifierRecipe } from '../../../src/engine/tasks/recipe';

describe('which weights of a classifier are kept', () => {
  it('those of the lowest loss where few texts validate, of the most right answers where many do', () => {
    expect(classifierRecipe({}, 99).keeper.bestBy).toBe('loss');
    expect(classifierRecipe({}, 100).keeper.bestBy).toBe('metric');
  });

  it('those that the options ask for, however many texts validate', () => {
    for (const bestBy of ['metric', 'loss', 'last'] as const) {
      for (const validDocuments of [10, 1000]) {
        expect(classifierRecipe({ bestBy }, validDocuments).keeper.bestBy).toBe(bestBy);
      }
    }
  });
});
