import { ProtoWriter } from '../../text/sentencepiece/protobuf';

/**
 * The few messages of ONNX (github.com/onnx/onnx, onnx.proto, IR version 8) that a text classifier needs, as protobuf.
 * Numbers of fields and enumerations are those of that file.
 */
export const elementTypes = { FLOAT: 1, INT32: 6, INT64: 7, BOOL: 9 } as const;
export type ElementType = keyof typeof elementTypes;

/** A size that is known, or the name of one that is not. */
export type Dimension = number | string;

/** What goes into or comes out of a graph. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/** An attribute of a node; a number is whole. */
export type Attribute =
  number | readonly number[] | string | { readonly float: number } | { readonly graph: ProtoWriter };

const attributeTypes = { float: 1, integer: 2, text: 3, graph: 5, integers: 7 } as const;

/** `NodeProto` */
export function nodeProto(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
): ProtoWriter {
  const node = new ProtoWriter();
  inputs.forEach((input) => node.text(1, input));
  outputs.forEach((output) => node.text(2, output));
  node.text(3, outputs[0] ?? operator).text(4, operator);
  for (const [name, value] of Object.entries(attributes)) node.message(5, attributeProto(name, value));
  return node;
}

function attributeProto(name: string, value: Attribute): ProtoWriter {
  const attribute = new ProtoWriter().text(1, name);
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, attributeTypes.integer);
  if (typeof value === 'string') return attribute.text(4, value).integer(20, attributeTypes.text);
  if ('graph' in value) return attribute.message(6, value.graph).integer(20, attributeTypes.graph);
  if ('float' in value) return attribute.float(2, value.float).integer(20, attributeTypes.float);
  value.forEach((item) => attribute.integer(8, item));
  return attribute.integer(20, attributeTypes.integers);
}

/** `TensorProto` of floats, or of 64-bit whole numbers. */
export function tensorProto(name: string, shape: readonly number[], data: Float32Array | BigInt64Array): ProtoWriter {
  const tensor = new ProtoWriter();
  shape.forEach((size) => tensor.integer(1, size));
  const type = data instanceof Float32Array ? elementTypes.FLOAT : elementTypes.INT64;
  // Little-endian by the format; every machine that Electron runs on is.
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return tensor.integer(2, type).text(8, name).bytes(9, raw);
}

/** `ValueInfoProto` */
export function valueInfoProto({ name, type, shape }: ValueInfo): ProtoWriter {
  const dimensions = new ProtoWriter();
  for (const size of shape) {
    const dimension = new ProtoWriter();
    dimensions.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size));
  }
  const tensor = new ProtoWriter().integer(1, elementTypes[type]).message(2, dimensions);
  return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
}

/** `ModelProto` around a graph. @param facts what readers of the file may want to know, name by name */
export function modelProto(graph: ProtoWriter, opset: number, facts: Readonly<Record<string, string>>): ProtoWriter {
  const model = new ProtoWriter().integer(1, 8).text(2, 'Thaw');
  model.message(7, graph).message(8, new ProtoWriter().text(1, '').integer(2, opset));
  for (const [key, value] of Object.entries(facts)) {
    model.message(14, new ProtoWriter().text(1, key).text(2, value));
  }
  return model;
}
