import type { EngineMethod, ParsedRequest, Response } from '../../../shared/contract';

/** One function for each engine method of the contract; requests are parsed before, responses after. */
export type Handlers = { readonly [M in EngineMethod]: (request: ParsedRequest<M>) => Promise<Response<M>> };

/** Some of the methods: one group. */
export type HandlerGroup<M extends EngineMethod> = Pick<Handlers, M>;
