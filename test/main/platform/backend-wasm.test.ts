import { expect, it } from 'vitest';
import { tensorflowForTests } from '../../helpers/tensorflow';

it('multiplies matrices right on the wasm backend and says what it is', async () => {
  const { tf, backend, kind, device, why, binding } = await tensorflowForTests('wasm');
  const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]));
  expect(Array.from(await product.data())).toEqual([19, 22, 43, 50]);
  expect({ backend, kind, native: binding !== null }).toEqual({ backend: 'wasm', kind: 'portable', native: false });
  expect(tf.getBackend()).toBe(backend);
  expect(device).not.toBe('');
  expect(why).toBe('THAW_BACKEND asks for it');
});
