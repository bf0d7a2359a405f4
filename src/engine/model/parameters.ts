import { AppError } from '../../shared/errors';
import type { Kernels, Shape, Tensor, Variable } from '../kernels/kernels';
import { sizeOf } from '../kernels/kernels';

/** Gradients by parameter name; the owner frees them. */
export type Gradients = Map<string, Tensor>;

/** The trainable values of a model by name, in a fixed order. */
export class Parameters {
  private readonly kernels: Kernels;
  private readonly variables = new Map<string, Variable>();

  constructor(kernels: Kernels) {
    this.kernels = kernels;
  }

  names(): string[] {
    return [...this.variables.keys()];
  }

  has(name: string): boolean {
    return this.variables.has(name);
  }

  add(name: string, data: Float32Array, shape: Shape): void {
    if (data.length !== sizeOf(shape)) {
      throw new AppError('internal', `Parameter ${name} of shape [${shape.join(', ')}] got ${data.length} values.`);
    }
    const old = this.variables.get(name);
    if (old) this.kernels.disposeVariable(old);
    this.variables.set(name, this.kernels.variable(data, shape));
  }

  variable(name: string): Variable {
    const variable = this.variables.get(name);
    if (!variable) throw new AppError('internal', `There is no parameter ${name}.`);
    return variable;
  }

  /** The present value as a tensor; the caller (or its scope) frees it. */
  value(name: string): Tensor {
    return this.kernels.value(this.variable(name));
  }

  /** The present value copied out. */
  read(name: string): Float32Array {
    const value = this.value(name);
    const data = this.kernels.read(value);
    this.kernels.dispose(value);
    return data;
  }

  write(name: string, data: Float32Array): void {
    const tensor = this.kernels.float(data, this.variable(name).shape);
    this.kernels.assign(this.variable(name), tensor);
    this.kernels.dispose(tensor);
  }

  shape(name: string): Shape {
    return this.variable(name).shape;
  }

  count(): number {
    return [...this.variables.values()].reduce((total, variable) => total + sizeOf(variable.shape), 0);
  }

  dispose(): void {
    for (const variable of this.variables.values()) this.kernels.disposeVariable(variable);
    this.variables.clear();
  }
}
