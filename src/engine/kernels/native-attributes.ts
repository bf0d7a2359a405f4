import type { OpAttribute, TensorFlowBinding } from './native-binding';

/** Attribute lists that never change, made once: building them for each of thousands of calls a step would show. */
export function commonAttributes(b: TensorFlowBinding) {
  const type = (name: string, value: number): OpAttribute => ({ name, type: b.TF_ATTR_TYPE, value });
  const flag = (name: string, value: boolean): OpAttribute => ({ name, type: b.TF_ATTR_BOOL, value });
  const T = type('T', b.TF_FLOAT);
  const Tidx = type('Tidx', b.TF_INT32);
  const Tindices = type('Tindices', b.TF_INT32);
  const Tparams = type('Tparams', b.TF_FLOAT);
  const transpositions = [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ];
  const matmul = transpositions.map(([x, y]) => [flag('adj_x', x!), flag('adj_y', y!), T]);
  const product = transpositions.map(([x, y]) => [flag('transpose_a', x!), flag('transpose_b', y!)]);
  const castBool = [type('SrcT', b.TF_BOOL), type('DstT', b.TF_FLOAT), flag('Truncate', false)];
  return {
    T,
    Tint: type('T', b.TF_INT32),
    float: [T],
    dtype: type('dtype', b.TF_FLOAT),
    Tidx,
    Tindices,
    Tparams,
    Tlen: type('Tlen', b.TF_INT32),
    Tshape: type('Tshape', b.TF_INT32),
    Tperm: type('Tperm', b.TF_INT32),
    Index: type('Index', b.TF_INT32),
    fill: [T, type('index_type', b.TF_INT32)],
    matmul,
    product,
    gather: [
      { name: 'batch_dims', type: b.TF_ATTR_INT, value: 0 },
      Tparams,
      Tindices,
      type('Taxis', b.TF_INT32),
    ] satisfies OpAttribute[],
    segment: [T, Tindices, type('Tnumsegments', b.TF_INT32)],
    reduce: [flag('keep_dims', false), T, Tidx],
    castBool,
    random: [type('dtype', b.TF_FLOAT), type('T', b.TF_INT32), type('Tseed', b.TF_INT32)],
    destroy: [flag('ignore_lookup_error', true)],
    adam: [T, flag('use_locking', false), flag('use_nesterov', false)],
    sgd: [T, flag('use_locking', false)],
  };
}
