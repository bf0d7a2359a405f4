import { ProtoWriter } from '../../text/sentencepiece/protobuf';
import type { FloatTensor } from '../../weights/fastai-names';
import {
  nodeProto,
  tensorProto,
  valueInfoProto,
  type Attribute,
  type ElementType,
  type ValueInfo,
} from './onnx-messages';
import { elementTypes } from './onnx-messages';

/** A graph of operators that is built node by node; values are known by their names. */
export class OnnxGraph {
  private readonly nodes: ProtoWriter[] = [];
  private readonly weights: ProtoWriter[] = [];
  private readonly names = new Map<string, number>();
  private readonly prefix: string;

  /** @param prefix before all names: a graph inside another one may not use its names */
  constructor(prefix = '') {
    this.prefix = prefix;
  }

  /** Adds an operator with one output. @returns the output's name */
  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.nodeOf(operator, inputs, 1, attributes)[0] ?? '';
  }

  /** Adds an operator with several outputs. @returns their names */
  nodeOf(
    operator: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.unused(operator.toLowerCase()));
    this.nodes.push(nodeProto(operator, inputs, outputs, attributes));
    return outputs;
  }

  /** Gives a value a second name, that of an output of the graph. */
  output(name: string, value: string): void {
    this.nodes.push(nodeProto('Identity', [value], [name], {}));
  }

  /** Puts weights or another constant into the graph. @returns its name */
  constant(name: string, { shape, data }: FloatTensor): string {
    const own = this.unused(name);
    this.weights.push(tensorProto(own, shape, data));
    return own;
  }

  /** Whole numbers, as operators take for axes and indices. @param scalar without a dimension */
  integers(values: readonly number[], scalar = false): string {
    const own = this.unused('integers');
    this.weights.push(tensorProto(own, scalar ? [] : [values.length], BigInt64Array.from(values.map(BigInt))));
    return own;
  }

  cast(value: string, type: ElementType): string {
    return this.node('Cast', [value], { to: elementTypes[type] });
  }

  /** `GraphProto` */
  finish(name: string, inputs: readonly ValueInfo[], outputs: readonly ValueInfo[]): ProtoWriter {
    const graph = new ProtoWriter();
    this.nodes.forEach((node) => graph.message(1, node));
    graph.text(2, name);
    this.weights.forEach((tensor) => graph.message(5, tensor));
    inputs.forEach((input) => graph.message(11, valueInfoProto(input)));
    outputs.forEach((output) => graph.message(12, valueInfoProto(output)));
    return graph;
  }

  private unused(name: string): string {
    const count = this.names.get(name) ?? 0;
    this.names.set(name, count + 1);
    return this.prefix + (count === 0 ? name : `${name}_${count}`);
  }
}
