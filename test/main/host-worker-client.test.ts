import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { WorkerClient } from '../../src/main/host/worker-client';

/** A real worker thread with the protocol of the training worker, small enough to stand here. */
const source = `
const { parentPort } = require('node:worker_threads');
const waiting = new Map();
parentPort.on('message', (message) => {
  if (message.type === 'echo') parentPort.postMessage({ id: message.id, type: 'result', result: message.value });
  if (message.type === 'fail') parentPort.postMessage({ id: message.id, type: 'error', error: { code: 'no-rows', message: 'none', hint: 'add some' } });
  if (message.type === 'wait') { waiting.set(message.id, true); parentPort.postMessage({ id: message.id, type: 'progress', event: 'waiting' }); }
  if (message.type === 'cancel') parentPort.postMessage({ id: message.id, type: 'error', error: { code: 'cancelled', message: 'Cancelled.' } });
  if (message.type === 'die') process.exit(3);
  if (message.type === 'nonsense') parentPort.postMessage('what?');
});`;

const clients: WorkerClient[] = [];
function client(): WorkerClient {
  const made = new WorkerClient('The test worker', () => new Worker(source, { eval: true }));
  clients.push(made);
  return made;
}
afterEach(async () => void (await Promise.all(clients.splice(0).map((each) => each.close()))));

describe('WorkerClient', () => {
  it('starts the thread with the first call and answers each call with its own result', async () => {
    const worker = client();
    expect(worker.started).toBe(false);
    const answers = await Promise.all([1, 2, 3].map((value) => worker.call({ type: 'echo', value })));
    expect(answers).toEqual([1, 2, 3]);
  });

  it('passes on an error with its code and hint', async () => {
    await expect(client().call({ type: 'fail' })).rejects.toMatchObject({ code: 'no-rows', hint: 'add some' });
  });

  it('cancels through the worker', async () => {
    const abort = new AbortController();
    const call = client().call({ type: 'wait' }, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('fails open calls when the thread dies, and works again with the next call', async () => {
    const worker = client();
    const open = worker.call({ type: 'wait' });
    const dying = worker.call({ type: 'die' });
    await expect(open).rejects.toMatchObject({ code: 'engine-gone' });
    await expect(dying).rejects.toMatchObject({
      code: 'engine-gone',
      hint: expect.stringContaining('Resume') as string,
    });
    expect(await worker.call({ type: 'echo', value: 'back' })).toBe('back');
  });

  it('fails loudly on a reply it does not understand', async () => {
    await expect(client().call({ type: 'nonsense' })).rejects.toMatchObject({ code: 'internal' });
  });
});
