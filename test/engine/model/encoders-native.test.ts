import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { describeEncoders } from '../../helpers/encoder-tests';
import { tensorflowForTests } from '../../helpers/tensorflow';

describeEncoders('TensorFlow', async () => new NativeKernels((await tensorflowForTests('native')).binding!));
