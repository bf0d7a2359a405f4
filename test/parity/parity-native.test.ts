import { NativeKernels } from '../../src/engine/kernels/native-kernels';
import { describeParity } from '../helpers/parity-tests';
import { tensorflowForTests } from '../helpers/tensorflow';

describeParity('the native kernels', async () => {
  const backend = await tensorflowForTests('native');
  return new NativeKernels(backend.binding!, backend.fused);
});
