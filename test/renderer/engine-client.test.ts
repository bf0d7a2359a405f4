// @vitest-environment happy-dom
import { reactive } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { call, pathOfFile, subscribe } from '../../src/renderer/app/engine-client';
import { AppError } from '../../src/shared/errors';
import { openPage, type TestPage } from './mount';

let page: TestPage;
beforeEach(() => {
  page = openPage('labelled');
});

describe('the engine client', () => {
  it('parses an answer and passes plain data, never a reactive proxy', async () => {
    const answer = await call('rows.page', reactive({ offset: 0, limit: 2, filter: {} }));
    expect(answer.rows).toHaveLength(2);
    expect(page.fake.calls[0]?.request).toEqual({ offset: 0, limit: 2, filter: {} });
  });

  it('throws what the other side reported, with its code', async () => {
    page.fake.handlers['project.open'] = () => {
      throw new AppError('project-locked', 'It is open elsewhere.', { hint: 'Close it.' });
    };
    await expect(call('project.open', { path: '/x' })).rejects.toMatchObject({
      code: 'project-locked',
      hint: 'Close it.',
    });
  });

  it('refuses an answer that does not fit the contract', async () => {
    page.fake.handlers['labels.state'] = () => ({ labels: 'many' }) as never;
    await expect(call('labels.state', {})).rejects.toMatchObject({ code: 'internal' });
  });

  it('parses events on arrival and reports those that do not fit', () => {
    const listener = vi.fn();
    const onBad = vi.fn();
    const stop = subscribe('engine', listener, onBad);
    page.fake.emit('engine', { state: 'ready', reason: null, backend: 'cpu' });
    page.fake.emit('engine', { state: 'sideways', reason: null, backend: null });
    stop();
    page.fake.emit('engine', { state: 'failed', reason: null, backend: null });
    expect(listener).toHaveBeenCalledTimes(1);
    expect(onBad).toHaveBeenCalledTimes(1);
  });

  it('knows the place of a dropped file', () => {
    expect(pathOfFile(new File(['a'], 'mails.csv'))).toBe('/home/ada/mails/mails.csv');
  });
});
