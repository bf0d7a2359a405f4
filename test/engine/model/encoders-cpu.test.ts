import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import { describeEncoders } from '../../helpers/encoder-tests';
import { tensorflowForTests } from '../../helpers/tensorflow';

describeEncoders('plain JavaScript', async () => new PortableKernels((await tensorflowForTests('cpu')).tf));
