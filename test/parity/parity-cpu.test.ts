import { PortableKernels } from '../../src/engine/kernels/portable-kernels';
import { describeParity } from '../helpers/parity-tests';
import { tensorflowForTests } from '../helpers/tensorflow';

describeParity('the portable kernels on plain JavaScript', async () => {
  const backend = await tensorflowForTests('cpu');
  return new PortableKernels(backend.tf);
});
