// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import ComparedIds from '../../src/renderer/features/import/ComparedIds.vue';
import { openPage } from './mount';

enableAutoUnmount(afterEach);

describe('what the ids of a file said', () => {
  const none = { fresh: 0, changed: 0, same: 0, labelsKept: 0, labelsTaken: 0, repeated: [], repeatedCount: 0 };

  it('is told in a line each, without those that are nought', () => {
    const page = openPage('labelled');
    const shown = page.show(ComparedIds, { file: 'next.csv', ids: { ...none, fresh: 1200, same: 1, labelsKept: 3 } });
    expect(shown.get('h3').text()).toContain('next.csv');
    const lines = shown.findAll('li').map((line) => line.text());
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('1,200 are new');
    expect(lines[1]).toMatch(/^1 was here/);
    expect(shown.find('details').exists()).toBe(false);
  });

  it('names ids that stand there twice, with their lines', () => {
    const page = openPage('labelled');
    const repeated = [{ id: 'A-17', lines: [4, 1290] }];
    const shown = page.show(ComparedIds, { file: 'f', ids: { ...none, same: 2, repeated, repeatedCount: 1 } });
    expect(shown.get('details').text()).toContain('A-17: lines 4, 1,290');
  });
});
