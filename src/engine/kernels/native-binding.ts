/**
 * The part of tfjs-node's C++ binding that the native kernels use: TensorFlow's eager C API, tensors named by number.
 * Source: `tfjs_backend.cc` of @tensorflow/tfjs-node 4.22.
 */
export interface TensorFlowBinding {
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array;
  executeOp(name: string, attributes: readonly OpAttribute[], inputs: readonly number[], outputs: number): OpOutput[];
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_SHAPE: number;
}

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

export interface OpOutput {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}
