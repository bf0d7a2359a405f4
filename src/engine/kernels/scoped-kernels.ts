import type { Tensor } from './kernels';

/** Keeps the books of scopes for both implementations: which tensors were made where, and which survive. */
export abstract class TensorScopes<T extends Tensor & { disposed: boolean }> {
  private readonly scopes: Set<T>[] = [];
  private live = 0;

  /** Gives the memory of one tensor back. Called once a tensor. */
  protected abstract free(tensor: T): void;

  liveTensors(): number {
    return this.live;
  }

  scope<R>(body: () => R): R {
    const made = new Set<T>();
    this.scopes.push(made);
    let result: R;
    try {
      result = body();
    } catch (error) {
      this.scopes.pop();
      for (const tensor of made) this.release(tensor);
      throw error;
    }
    this.scopes.pop();
    const outer = this.scopes.at(-1);
    forEachTensor(result, (tensor) => {
      if (made.delete(tensor as T)) outer?.add(tensor as T);
    });
    for (const tensor of made) this.release(tensor);
    return result;
  }

  dispose(...tensors: readonly (Tensor | null | undefined)[]): void {
    for (const tensor of tensors) if (tensor) this.release(tensor as T);
  }

  keep(...tensors: readonly Tensor[]): void {
    for (const tensor of tensors) for (const scope of this.scopes) scope.delete(tensor as T);
  }

  protected track(tensor: T): T {
    this.live++;
    this.scopes.at(-1)?.add(tensor);
    return tensor;
  }

  protected count(change: 1 | -1): void {
    this.live += change;
  }

  private release(tensor: T): void {
    if (tensor.disposed) return;
    tensor.disposed = true;
    this.live--;
    // Forgetting it here as well keeps long scopes from holding on to thousands of dead handles.
    this.scopes.at(-1)?.delete(tensor);
    this.free(tensor);
  }
}

function forEachTensor(value: unknown, visit: (tensor: Tensor) => void): void {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return;
  if ('shape' in value && 'dtype' in value) visit(value as Tensor);
  else if (value instanceof Map) for (const inner of value.values()) forEachTensor(inner, visit);
  else for (const inner of Object.values(value)) forEachTensor(inner, visit);
}
